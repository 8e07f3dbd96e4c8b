import { expect, test } from 'vitest'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle-sampling.ts'
import { peaksOf } from '../test/peaks.ts'
import { run } from '../test/run.ts'
import { MOST_TOP, NO_ID, top } from './top.ts'

async function topOf(logits: Float32Array<ArrayBuffer>, count: number): Promise<{ ids: number[]; logprobs: number[] }> {
  const shape = { vocab: logits.length, count }
  const { result } = await run(top, shape, { logits, peaks: peaksOf(logits), result: new Uint32Array(count * 2) })
  const floats = new Float32Array(result.buffer, result.byteOffset)
  const ranks = Array.from({ length: count }, (_, rank) => rank)
  return { ids: ranks.map((rank) => result[2 * rank]!), logprobs: ranks.map((rank) => floats[2 * rank + 1]!) }
}

/** What the kernel should list: candidates at temperature 1, cut to `count`. */
const wanted = (logits: Float32Array, count: number) => oracle.candidates(logits, { temperature: 1, topK: count })

test.each([
  [3, 3],
  [31, MOST_TOP],
  [509, 1],
  [509, MOST_TOP],
  [50257, MOST_TOP],
  [152064, 5],
])('vocab %i, the likeliest %i agree with the oracle', async (vocab, count) => {
  const logits = wave(vocab, 7.77).map((l) => l * 12)
  const { ids, logprobs } = await topOf(logits, count)
  const want = wanted(logits, count)
  expect(ids).toEqual(want)
  const difference = want.map((id, rank) => Math.abs(logprobs[rank]! - oracle.logprob(logits, id)))
  expect(Math.max(...difference)).toBeLessThan(1e-5)
})

test('equals: the lowest ids first, −0 like 0', async () => {
  const logits = new Float32Array(4096).fill(-2)
  logits.set([0, -0, 0], 1000)
  const { ids } = await topOf(logits, MOST_TOP)
  expect(ids).toEqual(wanted(logits, MOST_TOP))
})

test('all the likeliest ids fall to one thread', async () => {
  const logits = wave(50257)
  for (let i = 0; i < 30; i++) logits[5 + 256 * i * 6] = 2 + Math.floor(((i * 7) % 30) / 2)
  const { ids } = await topOf(logits, MOST_TOP)
  expect(ids).toEqual(wanted(logits, MOST_TOP))
})

test('what is not finite is left out', async () => {
  const logits = Float32Array.of(1, Number.NaN, 3, Number.NEGATIVE_INFINITY, 2, Number.POSITIVE_INFINITY)
  const { ids } = await topOf(logits, 5)
  expect(ids).toEqual([2, 4, 0, NO_ID, NO_ID])
})
