/** What kernels have in common that take heads from a fused projection through fragments/heads.wgsl. */
import { normKinds } from './products.ts'

export interface HeadsShape {
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
  /** Dims of a head that turn, the first ones; the others pass through. 0: none. */
  readonly rotaryDim: number
  /** Dims (i, i + rotaryDim / 2) turn together, or (2i, 2i + 1). */
  readonly pairing: 'half' | 'interleaved'
  /** A norm of q and of k before anything else. */
  readonly norm: HeadNorm | null
  /** q, k and v are cut off at ±clip, before they turn. 0: they stay. */
  readonly clip: number
  /** Precision of keys and values. */
  readonly cache: 'f32' | 'f16'
}

export interface HeadNorm {
  /** Over each head, with one gain [headDim] for all heads or one for each ('heads'), or over all heads at once. */
  readonly over: 'head' | 'heads' | 'width'
  readonly kind: 'rms' | 'layer'
  readonly eps: number
  /** Added to every number of a gain. */
  readonly offset: 0 | 1
  /** False: the gains are 1, and `q_gain` and `k_gain` may be anything. */
  readonly gained: boolean
}

export const headsConstants = (shape: HeadsShape) => {
  const { heads, kvHeads, headDim, rotaryDim, pairing, norm, clip, cache } = shape
  return {
    HEADS: heads,
    KV_HEADS: kvHeads,
    HEAD_DIM: headDim,
    ROTARY_DIM: rotaryDim,
    INTERLEAVED: Number(pairing === 'interleaved'),
    CLIP: clip,
    NORM: normKinds.indexOf(norm?.kind ?? 'none'),
    WIDE: Number(norm?.over === 'width'),
    EPS: norm?.eps ?? 0,
    OFFSET: norm?.offset ?? 0,
    GAIN_STRIDE: norm === null || norm.over === 'head' ? 0 : headDim,
    GAINED: Number(norm?.gained ?? false),
    CACHE_F16: Number(cache === 'f16'),
  }
}
