import { expect, test } from 'vitest'
import { denseBias, initialCounts, packSampling, resolveSampling, SAMPLING_BYTES } from '../src/generation/sampling.ts'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle-sampling.ts'
import { run } from '../test/run.ts'
import { survey } from './survey.ts'

const PROMPT = [0, 3, 4, 5, 3, 300]
const GENERATED = [5, 6, 6, 6, 7, 5, 508]
const BIAS = new Map([
  [2, 4.5],
  [6, -3],
  [9, Number.NEGATIVE_INFINITY],
  ...Array.from({ length: 8 }, (_, i): [number, number] => [16 + i, Number.NEGATIVE_INFINITY]),
])

test.each([3, 509, 4096])('vocab %i: keys, and the largest and the mass of every eight', async (vocab) => {
  const temperature = 0.7
  const logits = wave(vocab, 7.77).map((l) => l * 12)
  logits[1] = Number.NEGATIVE_INFINITY
  const within = <T>(items: readonly T[], idOf: (item: T) => number) => items.filter((item) => idOf(item) < vocab)
  const bias = new Map(within([...BIAS], ([id]) => id))
  const prompt = within(PROMPT, (id) => id)
  const generated = within(GENERATED, (id) => id)
  const penalties = { repetition: 1.3, presence: 0.5, frequency: 0.25 }
  const sampling = resolveSampling(
    {
      temperature,
      logitBias: Object.fromEntries(bias),
      repetitionPenalty: penalties.repetition,
      presencePenalty: penalties.presence,
      frequencyPenalty: penalties.frequency,
    },
    {},
    vocab,
  )
  const options = packSampling(sampling, 1)
  expect(options.byteLength).toBe(SAMPLING_BYTES)
  const counts = initialCounts(prompt, vocab)
  for (const id of generated) counts[id]!++
  const spans = Math.ceil(vocab / 8)
  const inputs = { logits, bias: denseBias(bias, vocab), counts, options: new Uint32Array(options) }
  const outputs = { keys: new Uint32Array(vocab), surveys: new Uint32Array(spans * 2) }
  const { keys, surveys } = await run(survey, { vocab }, { ...inputs, ...outputs })
  const want = oracle.adjustLogits(logits, { bias, prompt, generated, ...penalties })
  const finite = (l: Iterable<number>) => Float64Array.from(l, (value) => Math.max(value, -1000))
  expectAgreement(survey, finite([...keys].map(valueOf)), finite(want), 1e-6)

  const masses = new Float32Array(surveys.buffer, surveys.byteOffset)
  for (let span = 0; span < spans; span++) {
    const own = [...keys.subarray(span * 8, span * 8 + 8)]
    const largest = Math.max(...own)
    expect(surveys[2 * span]).toBe(largest)
    const mass = own
      .filter(Boolean)
      .reduce((sum, key) => sum + Math.exp((valueOf(key) - valueOf(largest)) / temperature), 0)
    expect(Math.abs(masses[2 * span + 1]! - mass)).toBeLessThan(1e-5)
  }
})

/** The logit behind a key. */
function valueOf(key: number): number {
  if (key === 0) return Number.NEGATIVE_INFINITY
  return new Float32Array(Uint32Array.of(key >>> 31 ? key & 0x7fffffff : ~key).buffer)[0]!
}
