import ranks from './fragments/ranks.wgsl?raw'
import { defineKernel } from './kernel.ts'
import { threadsOf } from './sample.ts'
import code from './token-stats.wgsl?raw'
import type { TopShape } from './top.ts'

/** Words of `stats` of a row: rank, logprob and entropy (f32 bits), one of no use, and `count` pairs as `top` lists them. */
export const statsWords = (count: number): number => 4 + 2 * count

/**
 * logits: [rows − first, vocab], rows padded; next: u32 [rows − first], the ids to be judged; stats: u32 [rows − first,
 * `statsWords(count)`]. `count` is at least 1.
 */
export const tokenStats = defineKernel({
  entry: 'token_stats',
  code: ranks + code,
  bindings: { logits: 'read', next: 'read', stats: 'write' },
  constants: ({ vocab, count }: TopShape) => ({ VOCAB: vocab, COUNT: count, THREADS: threadsOf(vocab) }),
  workgroups: () => [({ rows, first }) => rows - first, 1, 1],
})
