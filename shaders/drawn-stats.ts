import code from './drawn-stats.wgsl?raw'
import ranks from './fragments/ranks.wgsl?raw'
import { defineKernel } from './kernel.ts'
import { threadsOf } from './sample.ts'
import type { TopShape } from './top.ts'

/** Words of `drawn`: logprob (f32 bits), one of no use, and `count` pairs as `top` lists them. */
export const drawnWords = (count: number): number => 2 + 2 * count

/**
 * The distribution that the last draw was from, unless it was greedy. candidates, result, options: of `sample`, which has
 * run; drawn: u32 [`drawnWords(count)`].
 */
export const drawnStats = defineKernel({
  entry: 'drawn_stats',
  code: ranks + code,
  bindings: { candidates: 'read', result: 'read', drawn: 'write', options: 'uniform' },
  constants: ({ vocab, count }: TopShape) => ({ COUNT: count, THREADS: threadsOf(vocab) }),
  workgroups: () => [1, 1, 1],
})
