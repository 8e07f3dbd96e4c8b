import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { inParts } from '../test/parts.ts'
import { wavyWeights } from '../test/precision.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { type NumberLayout, padded } from './kernel.ts'
import { logits } from './logits.ts'

interface Case {
  readonly rows: number
  readonly first: number
  readonly width: number
  readonly vocab: number
  readonly layout: NumberLayout
  readonly scale: number
  readonly softcap: number
  readonly bias: boolean
  readonly plain: boolean
  /** Rows of weight at which a part begins. */
  readonly cuts: readonly number[]
}
const base: Case = {
  rows: 1,
  first: 0,
  width: 576,
  vocab: 509,
  layout: 'f32',
  scale: 1,
  softcap: 0,
  bias: false,
  plain: false,
  cuts: [],
}

test.each<Partial<Case>>([
  {},
  { rows: 33, first: 32, layout: 'f16', bias: true },
  { rows: 31, first: 28, width: 640, layout: 'bf16', softcap: 30 },
  { width: 1757, vocab: 1757, scale: 0.25 },
  { width: 1152, rows: 2, bias: true, scale: 1 / 16, softcap: 2 },
  { width: 640, layout: 'f16', scale: 1e6, softcap: 30 }, // far beyond where e^x overflows
  { rows: 4, first: 1, width: 1757, layout: 'f16', bias: true, softcap: 50, plain: true },
  { rows: 3, first: 1, width: 31, bias: true, softcap: 5, cuts: [128, 256, 504] },
  { width: 8, vocab: 21, layout: 'bf16', cuts: [2, 3, 10, 17] },
  { rows: 2, width: 64, vocab: 45, layout: 'f16', cuts: [9, 42], plain: true },
])('%o agrees with the oracle', async (differs) => {
  const { rows, first, width, vocab, layout, scale, softcap, bias, plain, cuts } = { ...base, ...differs }
  const x = wave(rows * width)
  const weight = wavyWeights(layout, vocab, width)
  const b = wave(vocab, 0.3)
  let y = new Float32Array((rows - first) * padded(vocab)).fill(7)
  for (const { weight: part, weights } of inParts(weight.packed, layout, [vocab, width], cuts)) {
    const inputs = { x: padRows(x, rows, width), weight: part, bias: padRows(b, 1, vocab), y }
    y = (await run(logits, { width, vocab, scale, softcap, bias }, inputs, { rows, first, weights, plain })).y
  }
  const got = unpadRows(y, rows - first, vocab)
  const want = oracle.logits(x.subarray(first * width), weight.exact, width, {
    scale,
    softcap,
    bias: bias ? b : undefined,
  })
  expectAgreement(logits, got, want)
  expect(y).toEqual(padRows(got, rows - first, vocab)) // padding is zero
})
