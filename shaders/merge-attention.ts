import { MOST_SPLITS, SPLIT_KEYS, splitsOf } from './decode-attention.ts'
import { cover, defineKernel, padded } from './kernel.ts'
import code from './merge-attention.wgsl?raw'

export interface MergeAttentionShape {
  readonly heads: number
  readonly headDim: number
  /** Keys that a query sees; 0: all. */
  readonly window: number
}

/** partials: as `decodeAttention` leaves them; y: [1, heads·headDim], padded. */
export const mergeAttention = defineKernel({
  entry: 'merge_attention',
  code,
  bindings: { partials: 'read', y: 'write', step: 'uniform' },
  constants: ({ heads, headDim, window }: MergeAttentionShape) => ({
    HEADS: heads,
    HEAD_DIM: headDim,
    WINDOW: window,
    SPLIT_KEYS,
    MOST_SPLITS,
  }),
  workgroups: ({ heads, headDim, window }) => [
    cover(padded(heads * headDim), 64),
    1,
    (step) => Number(splitsOf(window, step) > 1),
  ],
})
