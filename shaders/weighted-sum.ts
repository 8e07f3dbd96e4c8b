import { cover, defineKernel, padded, perRow } from './kernel.ts'
import code from './weighted-sum.wgsl?raw'

export interface WeightedSumShape {
  readonly heads: number
  /** Divides heads: query head h uses value head ⌊h / (heads / kvHeads)⌋. */
  readonly kvHeads: number
  readonly headDim: number
  readonly cache: 'f32' | 'f16'
}

const THREADS = 64

/**
 * weights: [heads, rows, position + rows], without padding, 0 where masked; values: [capacity, kvHeads, padded headDim]
 * in the cache's precision; y: [rows, heads·headDim], rows padded.
 */
export const weightedSum = defineKernel({
  entry: 'weighted_sum',
  code,
  bindings: { weights: 'read', values: 'read', y: 'write', step: 'uniform' },
  constants: ({ heads, kvHeads, headDim, cache }: WeightedSumShape) => ({
    HEADS: heads,
    KV_HEADS: kvHeads,
    HEAD_DIM: headDim,
    CACHE_F16: Number(cache === 'f16'),
  }),
  workgroups: ({ heads, headDim }) => [cover((heads * padded(headDim)) / 8, THREADS), perRow, 1],
})
