import { expect, test } from 'vitest'
import type { SamplingOptions } from '../src/engine/types.ts'
import { packSampling, resolveSampling } from '../src/generation/sampling.ts'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle-sampling.ts'
import { run } from '../test/run.ts'
import { drawnStats, drawnWords } from './drawn-stats.ts'
import { NO_ID } from './top.ts'

const LAST_ID = 0x3fffff

/** A u32 that orders as the logit does. */
function keyOf(logit: number): number {
  const bits = new Uint32Array(Float32Array.of(logit).buffer)[0]!
  return (bits >>> 31 ? ~bits : bits | 0x80000000) >>> 0
}

test.each<[vocab: number, count: number, options: SamplingOptions]>([
  [31, 20, { temperature: 1 }],
  [509, 20, { temperature: 0.7, topK: 40 }],
  [509, 5, { temperature: 1.3, topP: 0.9 }],
  [50257, 20, { temperature: 0.5, topK: 50, topP: 0.8, minP: 0.05 }],
  [50257, 3, { temperature: 1, minP: 0.2 }],
])('vocab %i, the likeliest %i, %o', async (vocab, count, options) => {
  const logits = wave(vocab, 7.77).map((l) => l * 9)
  const sampling = resolveSampling(options, {}, vocab)
  const kept = oracle.candidates(logits, { ...options, temperature: options.temperature! })
  // min-p is the sampler's last bound, and not in the cut.
  const reached = oracle.candidates(logits, { ...options, minP: 0, temperature: options.temperature! })
  const last = reached.at(-1)!
  const all = Array.from(logits, (l, id) => [keyOf(l), LAST_ID - id]).toReversed()
  const id = kept[Math.floor(kept.length / 2)]!
  const { drawn } = await run(
    drawnStats,
    { vocab, count },
    {
      candidates: Uint32Array.from(all.flat()),
      result: Uint32Array.of(id, 0, 0, kept.length, keyOf(logits[last]!), LAST_ID - last, vocab, 0),
      drawn: new Uint32Array(drawnWords(count)),
      options: new Uint32Array(packSampling(sampling, 1)),
    },
  )
  const floats = new Float32Array(drawn.buffer, drawn.byteOffset)
  const scaled = kept.map((other) => (logits[other]! - logits[kept[0]!]!) / options.temperature!)
  const want = kept.map((_, at) => oracle.logprob(scaled, at))
  const listed = kept.slice(0, count)
  const ranks = Array.from({ length: count }, (_, rank) => rank)
  expect(ranks.map((rank) => drawn[2 + 2 * rank])).toEqual(ranks.map((rank) => listed[rank] ?? NO_ID))
  const found = [floats[0]!, ...listed.map((_, rank) => floats[3 + 2 * rank]!)]
  expectAgreement(drawnStats, found, [want[kept.indexOf(id)]!, ...want.slice(0, count)])
})
