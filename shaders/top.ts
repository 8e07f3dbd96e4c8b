import ranks from './fragments/ranks.wgsl?raw'
import { defineKernel } from './kernel.ts'
import { threadsOf } from './sample.ts'
import code from './top.wgsl?raw'

export interface TopShape {
  readonly vocab: number
  /** How many ids to list. */
  readonly count: number
}

/** The most ids that anybody may ask for: one pipeline of this `count` serves every smaller one. */
export const MOST_TOP = 20

/** `result[2·rank]` of ranks past the last finite logit. */
export const NO_ID = 0xffffffff

/**
 * The `count` likeliest ids of `logits` [vocab], descending, the lowest id first among equals.
 * peaks: of `logits`. result: [count] pairs of u32: id, natural logarithm of softmax(logits) at this id (f32 bits).
 * What is not finite is left out; `sample` is what reports it.
 */
export const top = defineKernel({
  entry: 'top',
  code: ranks + code,
  bindings: { logits: 'read', peaks: 'read', result: 'write' },
  constants: ({ vocab, count }: TopShape) => ({ VOCAB: vocab, COUNT: count, THREADS: threadsOf(vocab) }),
  workgroups: () => [1, 1, 1],
})
