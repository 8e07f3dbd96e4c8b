import { defineKernel, perRow } from './kernel.ts'
import code from './softmax.wgsl?raw'

export interface SoftmaxShape {
  readonly heads: number
  /** What scores are multiplied with first. */
  readonly scale: number
  /** No key after the query. */
  readonly causal: boolean
  /** Keys that a query sees, itself included, counted back from it. 0: all. */
  readonly window: number
  /** One more score per head, sinks[head], takes part and has no weight in the result: rows sum to less than 1. */
  readonly sinks: boolean
}

/**
 * scores: [heads, rows, position + rows], without padding; becomes weights in place. sinks: [heads], not scaled, or
 * anything where the shape has none.
 */
export const softmax = defineKernel({
  entry: 'softmax',
  code,
  bindings: { scores: 'write', sinks: 'read', step: 'uniform' },
  constants: ({ scale, causal, window, sinks }: SoftmaxShape) => ({
    SCALE: scale,
    CAUSAL: Number(causal),
    WINDOW: window,
    SINKS: Number(sinks),
  }),
  workgroups: ({ heads }) => [perRow, heads, 1],
})
