import { cover, defineKernel, perRow } from './kernel.ts'
import code from './scores.wgsl?raw'

export interface ScoresShape {
  readonly heads: number
  /** Divides heads: query head h uses key head ⌊h / (heads / kvHeads)⌋. */
  readonly kvHeads: number
  readonly headDim: number
  /** What q·k is multiplied with. */
  readonly scale: number
  /** Scores s become softcap · tanh(s / softcap). 0: they stay. */
  readonly softcap: number
  /** Add slopes[head] · (key position − query position) to every score. */
  readonly alibi: boolean
  readonly cache: 'f32' | 'f16'
}

const THREADS = 64

/**
 * q: [rows, heads, padded headDim]; keys: [capacity, kvHeads, padded headDim] in the cache's precision;
 * slopes: [heads], or anything without alibi; scores: [heads, rows, position + rows], without padding. Nothing is
 * masked yet: that is softmax's.
 */
export const scores = defineKernel({
  entry: 'attention_scores',
  code,
  bindings: { q: 'read', keys: 'read', slopes: 'read', scores: 'write', step: 'uniform' },
  constants: ({ heads, kvHeads, headDim, scale, softcap, alibi, cache }: ScoresShape) => ({
    HEADS: heads,
    KV_HEADS: kvHeads,
    HEAD_DIM: headDim,
    SCALE: scale,
    SOFTCAP: softcap,
    ALIBI: Number(alibi),
    CACHE_F16: Number(cache === 'f16'),
  }),
  workgroups: ({ heads }) => [({ position, rows }) => cover(position + rows, THREADS), perRow, heads],
})
