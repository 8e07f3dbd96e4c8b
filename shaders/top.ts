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

export interface Listed {
  readonly id: number
  /** Natural logarithm. */
  readonly logprob: number
}

/** `count` pairs as `top` lists them, from a byte of what came back on; ranks without an id are left out. */
export function readPairs(bytes: ArrayBuffer, byteOffset: number, count: number): Listed[] {
  const words = new Uint32Array(bytes, byteOffset, 2 * count)
  const floats = new Float32Array(bytes, byteOffset, 2 * count)
  const ranks = Array.from({ length: count }, (_, rank) => 2 * rank).filter((at) => words[at] !== NO_ID)
  return ranks.map((at) => ({ id: words[at]!, logprob: floats[at + 1]! }))
}
