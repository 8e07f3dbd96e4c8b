import { cover, defineKernel, padded } from './kernel.ts'
import code from './rope.wgsl?raw'

export interface RopeShape {
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
  /** Dims of a head that turn, the first ones; the others pass through. 0: only split and store. */
  readonly rotaryDim: number
  /** Dims (i, i + rotaryDim / 2) turn together, or (2i, 2i + 1). */
  readonly pairing: 'half' | 'interleaved'
  /** q, k and v are cut off at ±clip, before they turn. 0: they stay. */
  readonly clip: number
  readonly cache: 'f32' | 'f16'
}

const THREADS = 64

/**
 * qkv: [rows, (heads + 2·kvHeads)·headDim]: the heads of q, of k, of v, without gaps;
 * table: [step.table + capacity, rotaryDim / 2] of (cos, sin); q: [rows, heads, padded headDim];
 * keys, values: [capacity, kvHeads, padded headDim] in the cache's precision.
 * Row r is the token at position step.position + r, which turns by row step.table + step.position + r of the table.
 */
export const rope = defineKernel({
  entry: 'rope',
  code,
  bindings: { qkv: 'read', table: 'read', q: 'write', keys: 'write', values: 'write', step: 'uniform' },
  constants: ({ heads, kvHeads, headDim, rotaryDim, pairing, clip, cache }: RopeShape) => ({
    HEADS: heads,
    KV_HEADS: kvHeads,
    HEAD_DIM: headDim,
    ROTARY_DIM: rotaryDim,
    INTERLEAVED: Number(pairing === 'interleaved'),
    CLIP: clip,
    CACHE_F16: Number(cache === 'f16'),
  }),
  workgroups: ({ heads, kvHeads, headDim }, { rows }) => [
    cover(((heads + 2 * kvHeads) * padded(headDim)) / 2, THREADS),
    rows,
    1,
  ],
})
