import code from './attention.wgsl?raw'
import { cover, defineKernel, padded } from './kernel.ts'
import quads from './tiles/attention-quads.wgsl?raw'
import shared from './tiles/attention-shared.wgsl?raw'

export interface AttentionShape {
  readonly heads: number
  /** Divides heads: query head h uses key and value head ⌊h / (heads / kvHeads)⌋. */
  readonly kvHeads: number
  /** At most 256. */
  readonly headDim: number
  /** What q·k is multiplied with. */
  readonly scale: number
  /** Keys that a query sees, itself included, counted back from it. 0: all. */
  readonly window: number
  /** Scores s become softcap · tanh(s / softcap). 0: they stay. */
  readonly softcap: number
  /** Add slopes[head] · (key position − query position) to every score. */
  readonly alibi: boolean
  /** One more score per head takes part in the softmax: sinks[head], which has no value. */
  readonly sinks: boolean
  readonly cache: 'f32' | 'f16'
}

/** Queries of a workgroup. */
const TALL = 8

/** Threads of a workgroup whose tiles lie in its memory, at least: as many as GPUs run in step. */
const IN_STEP = 32

/**
 * q: [rows, heads, padded headDim]; keys, values: [capacity, kvHeads, padded headDim] in the cache's precision;
 * slopes, sinks: [heads], or anything where the shape has none; y: [rows, heads·headDim], rows padded.
 * Row r is the query at position step.position + r, whose key is in the cache; keys before step.padding are not seen.
 */
export const attention = defineKernel({
  entry: 'attention',
  code,
  tiles: { quads, shared },
  bindings: { q: 'read', keys: 'read', values: 'read', slopes: 'read', sinks: 'read', y: 'write', step: 'uniform' },
  constants: ({ heads, kvHeads, headDim, scale, window, softcap, alibi, sinks, cache }: AttentionShape, { tiles }) => ({
    HEADS: heads,
    KV_HEADS: kvHeads,
    HEAD_DIM: headDim,
    SCALE: scale,
    WINDOW: window,
    SOFTCAP: softcap,
    ALIBI: Number(alibi),
    SINKS: Number(sinks),
    CACHE_F16: Number(cache === 'f16'),
    THREADS: Math.max(cover(padded(headDim), 16) * 4, tiles === 'shared' ? IN_STEP : 0),
  }),
  workgroups: ({ heads, kvHeads }) => [({ rows }) => cover((rows * heads) / kvHeads, TALL), kvHeads, 1],
})
