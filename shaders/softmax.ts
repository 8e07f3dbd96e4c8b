import { defineKernel } from './kernel.ts'
import code from './softmax.wgsl?raw'

export interface SoftmaxShape {
  readonly heads: number
  /** What scores are multiplied with first. */
  readonly scale: number
  /** No key after the query. */
  readonly causal: boolean
  /** Keys that a query sees, itself included, counted back from it. 0: all. */
  readonly window: number
}

/** scores: [heads, rows, position + rows], without padding; becomes weights in place. */
export const softmax = defineKernel({
  entry: 'softmax',
  code,
  bindings: { scores: 'write', step: 'uniform' },
  constants: ({ scale, causal, window }: SoftmaxShape) => ({
    SCALE: scale,
    CAUSAL: Number(causal),
    WINDOW: window,
  }),
  workgroups: ({ heads }, { rows }) => [rows, heads, 1],
})
