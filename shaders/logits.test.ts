import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { normed } from '../test/normed.ts'
import { relativeError, wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { inParts } from '../test/parts.ts'
import { peaksOf } from '../test/peaks.ts'
import { wavyWeights } from '../test/precision.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { type NumberLayout, padded } from './kernel.ts'
import { logits } from './logits.ts'
import type { NormShape } from './products.ts'

interface Case {
  readonly rows: number
  readonly first: number
  readonly width: number
  readonly vocab: number
  readonly layout: NumberLayout
  readonly norm: NormShape | undefined
  /** Added to every x. */
  readonly mean: number
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
  norm: undefined,
  mean: 0,
  scale: 1,
  softcap: 0,
  bias: false,
  plain: false,
  cuts: [],
}
const rms: NormShape = { kind: 'rms', eps: 1e-5, offset: 1, shifted: false }
const layer: NormShape = { kind: 'layer', eps: 1e-5, offset: 0, shifted: true }

test.each<Partial<Case>>([
  {},
  { rows: 33, first: 32, layout: 'f16', bias: true },
  { rows: 31, first: 28, width: 640, layout: 'bf16', softcap: 30, norm: rms },
  { width: 1757, vocab: 1757, scale: 0.25, norm: rms },
  { width: 1152, rows: 2, bias: true, scale: 1 / 16, softcap: 2, norm: layer },
  { width: 384, norm: layer, mean: 100 },
  { width: 640, layout: 'f16', scale: 1e6, softcap: 30 }, // far beyond where e^x overflows
  { rows: 4, first: 1, width: 1757, layout: 'f16', bias: true, softcap: 50, norm: rms, plain: true },
  { rows: 3, first: 1, width: 31, bias: true, softcap: 5, cuts: [252] },
  { width: 8, vocab: 21, layout: 'bf16', cuts: [2, 3, 17] },
  { rows: 2, width: 64, vocab: 45, layout: 'f16', cuts: [9], plain: true },
])('%o agrees with the oracle', async (differs) => {
  const { rows, first, width, vocab, layout, norm, mean, plain, cuts, ...end } = { ...base, ...differs }
  const x = wave(rows * width).map((value) => value + mean)
  const weight = wavyWeights(layout, vocab, width)
  const [bias, gain, shift] = [wave(vocab, 0.3), wave(width, 0.2), wave(width, 0.6)]
  const vectors = {
    bias: padRows(bias, 1, vocab),
    gain: padRows(gain, 1, width),
    shift: padRows(shift, 1, width),
  }
  const read = normed(x, norm, gain, shift)
  const want = oracle.logits(read.subarray(first * width), weight.exact, width, {
    scale: end.scale,
    softcap: end.softcap,
    bias: end.bias ? bias : undefined,
  })
  for (const tiles of plain ? (['shared'] as const) : (['quads', 'shared'] as const)) {
    let y = new Float32Array((rows - first) * padded(vocab)).fill(7)
    let peaks = new Float32Array(Math.ceil(vocab / 8) * 2).fill(7)
    for (const { weight: part, weights } of inParts(weight.packed, layout, [vocab, width], cuts)) {
      const inputs = { x: padRows(x, rows, width), weight: part, ...vectors, y, peaks }
      const shape = { inWidth: width, vocab, norm, ...end }
      const left = await run(logits, shape, inputs, { rows, first, weights, plain, variants: { tiles } })
      y = left.y
      peaks = left.peaks
    }
    const got = unpadRows(y, rows - first, vocab)
    expectAgreement(logits, got, want)
    expect(y).toEqual(padRows(got, rows - first, vocab)) // padding is zero
    const last = peaksOf(got.subarray(-vocab))
    expect(peaks.filter((_, i) => i % 2 === 0)).toEqual(last.filter((_, i) => i % 2 === 0))
    expect(relativeError(peaks, last)).toBeLessThan(1e-5)
  }
})

test.each([Number.NaN, Number.POSITIVE_INFINITY])('a logit of %f breaks its peak, −∞ does not', async (bad) => {
  const bias = new Float32Array(24)
  bias[3] = bad
  bias.fill(Number.NEGATIVE_INFINITY, 8, 16)
  bias[20] = Number.NEGATIVE_INFINITY
  const [x, weight, y] = [new Float32Array(8), new Float32Array(24 * 8), new Float32Array(24)]
  const shape = { inWidth: 8, vocab: 24, scale: 1, softcap: 0, bias: true }
  const weights = { layout: 'f32', width: 8, rows: 24 } as const
  const inputs = { x, weight, bias, gain: x, shift: x, y, peaks: new Float32Array(6) }
  const { peaks } = await run(logits, shape, inputs, { weights })
  expect(peaks[1]).toBe(-1)
  expect(peaks[2]).toBeLessThan(-1e29)
  expect([peaks[4], peaks[5]]).toEqual([0, 7])
})
