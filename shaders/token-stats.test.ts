import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle-sampling.ts'
import { padRows, run } from '../test/run.ts'
import { statsWords, tokenStats } from './token-stats.ts'
import { NO_ID } from './top.ts'

/** What the kernel finds of `next` in rows of logits [rows, vocab]. */
async function statsOf(logits: Float32Array<ArrayBuffer>, next: readonly number[], count: number) {
  const vocab = logits.length / next.length
  const words = statsWords(count)
  const { stats } = await run(
    tokenStats,
    { vocab, count },
    {
      logits: padRows(logits, next.length, vocab),
      next: Uint32Array.from(next),
      stats: new Uint32Array(next.length * words),
    },
    { rows: next.length + 2, first: 2 },
  )
  const floats = new Float32Array(stats.buffer, stats.byteOffset)
  return next.map((_, row) => ({
    rank: stats[row * words]!,
    logprob: floats[row * words + 1]!,
    entropy: floats[row * words + 2]!,
    ids: Array.from({ length: count }, (_, i) => stats[row * words + 4 + 2 * i]!),
    logprobs: Array.from({ length: count }, (_, i) => floats[row * words + 5 + 2 * i]!),
  }))
}

test.each([
  [31, 1, 3],
  [509, 33, 20],
  [50257, 2, 5],
])('vocab %i, %i rows, the likeliest %i', async (vocab, rows, count) => {
  const logits = wave(vocab * rows, 7.77).map((l) => l * 12)
  const next = Array.from({ length: rows }, (_, row) => (row * 7919) % vocab)
  const found = await statsOf(logits, next, count)
  const own = next.map((_, row) => logits.subarray(row * vocab, (row + 1) * vocab))
  const everything = own.map((row) => oracle.candidates(row, { temperature: 1 }))
  expect(found.map(({ rank }) => rank)).toEqual(next.map((id, row) => everything[row]!.indexOf(id)))
  expect(found.map(({ ids }) => ids)).toEqual(everything.map((ids) => ids.slice(0, count)))
  const logprobs = own.map((row, i) =>
    [next[i]!, ...everything[i]!.slice(0, count)].map((id) => oracle.logprob(row, id)),
  )
  expectAgreement(
    tokenStats,
    found.flatMap(({ logprob, logprobs }) => [logprob, ...logprobs]),
    logprobs.flat(),
  )
  const entropies = own.map((row) => {
    const all = Array.from(row, (_, id) => id)
    const total = oracle.logprob(row, 0) - row[0]!
    return -all.reduce((sum, id) => sum + Math.exp(row[id]! + total) * (row[id]! + total), 0)
  })
  expectAgreement(
    tokenStats,
    found.map(({ entropy }) => entropy),
    entropies,
  )
})

test('what is not finite is left out; of equals, the lower id comes first', async () => {
  const logits = Float32Array.of(1, Number.NaN, 3, Number.NEGATIVE_INFINITY, 3, -0, 0, -1e9)
  const [found] = await statsOf(logits, [4], 8)
  expect(found!.rank).toBe(1)
  expect(found!.ids).toEqual([2, 4, 0, 5, 6, 7, NO_ID, NO_ID])
})

test('one sure token has no entropy', async () => {
  const logits = new Float32Array(509).fill(-1e4)
  logits[77] = 1e4
  const [found] = await statsOf(logits, [77], 1)
  expect(found).toMatchObject({ rank: 0, logprob: 0, ids: [77] })
  expect(found!.entropy).toBeCloseTo(0, 12)
})
