import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { normed } from '../test/normed.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { inParts } from '../test/parts.ts'
import { wavyWeights } from '../test/precision.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import type { ActivationForm } from './activation.ts'
import type { NumberLayout } from './kernel.ts'
import { matvec, outputGrid } from './matvec.ts'
import type { NormShape } from './products.ts'

interface Case {
  readonly rows: number
  readonly inWidth: number
  readonly outWidth: number
  readonly layout: NumberLayout
  readonly bias: boolean
  readonly norm: NormShape | undefined
  /** Added to every x. */
  readonly mean: number
  readonly activation: ActivationForm | undefined
  readonly residual: boolean
  readonly scale: number
  readonly plain: boolean
  /** Rows of weight at which a part begins. */
  readonly cuts: readonly number[]
}

async function check(different: Partial<Case>, largest = 1) {
  const { rows, inWidth, outWidth, layout, norm, mean, activation, plain, cuts, ...end } = { ...base, ...different }
  const weightRows = activation?.gated ? 2 * outWidth : outWidth
  const x = wave(rows * inWidth).map((value) => value + mean)
  const weight = wavyWeights(layout, weightRows, inWidth, largest)
  const [bias, before] = [wave(weightRows, 0.3), wave(rows * outWidth, 0.9)]
  const [gain, shift] = [wave(inWidth, 0.2), wave(inWidth, 0.6)]
  const shape = { inWidth, outWidth, norm, activation, ...end }
  const sums = oracle.linear(normed(x, norm, gain, shift), weight.exact, inWidth, end.bias ? { bias } : {})
  const want = oracle
    .activate(sums, outWidth, activation)
    .map((value, i) => end.scale * value + (end.residual ? before[i]! : 0))
  for (const tiles of plain ? (['shared'] as const) : (['quads', 'shared'] as const)) {
    let y = padRows(before, rows, outWidth)
    for (const { weight: part, weights } of inParts(weight.packed, layout, [weightRows, inWidth], cuts)) {
      const vectors = { bias, gain: padRows(gain, 1, inWidth), shift: padRows(shift, 1, inWidth) }
      const inputs = { x: padRows(x, rows, inWidth), weight: part, ...vectors, y }
      y = (await run(matvec, shape, inputs, { rows, weights, plain, variants: { tiles } })).y
    }
    const got = unpadRows(y, rows, outWidth)
    expectAgreement(matvec, got, want)
    expect(y).toEqual(padRows(got, rows, outWidth)) // padding is zero
  }
}

const base: Case = {
  rows: 1,
  inWidth: 576,
  outWidth: 509,
  layout: 'f32',
  bias: false,
  norm: undefined,
  mean: 0,
  activation: undefined,
  residual: false,
  scale: 1,
  plain: false,
  cuts: [],
}
const rms: NormShape = { kind: 'rms', eps: 1e-5, offset: 0, shifted: false }
const layer: NormShape = { kind: 'layer', eps: 1e-5, offset: 0, shifted: true }
const silu: ActivationForm = { kind: 'silu', gated: true }

test.each<Partial<Case>>([
  { inWidth: 8, outWidth: 1 },
  { layout: 'f16', bias: true, residual: true },
  { inWidth: 1757, outWidth: 33, layout: 'bf16', rows: 3 },
  { inWidth: 640, outWidth: 1757, layout: 'f16', rows: 4, bias: true },
  { inWidth: 1152, outWidth: 640, residual: true },
  { inWidth: 31, outWidth: 12, bias: true },
  { inWidth: 640, outWidth: 33, rows: 2, bias: true, residual: true, scale: 0.22 },
  { inWidth: 31, outWidth: 36, bias: true, scale: -3 },
  { inWidth: 1757, outWidth: 509, layout: 'f16', rows: 2, bias: true, residual: true, plain: true },
  { inWidth: 640, outWidth: 31, layout: 'bf16', plain: true },
  { inWidth: 31, outWidth: 509, cuts: [256, 504], rows: 2, bias: true, residual: true },
  { inWidth: 8, outWidth: 21, cuts: [2, 3, 10, 17], layout: 'f16', scale: 3, residual: true },
  { inWidth: 64, outWidth: 45, cuts: [9, 42], layout: 'bf16', rows: 3, bias: true, plain: true },
])('%o agrees with the oracle', (differs) => check(differs))

test.each<Partial<Case>>([
  { norm: rms },
  { norm: { ...rms, offset: 1 }, inWidth: 1757, outWidth: 33, rows: 3, bias: true },
  { norm: rms, inWidth: 640, outWidth: 31, layout: 'f16', plain: true },
  { norm: rms, inWidth: 31, outWidth: 45, cuts: [2, 9, 42], rows: 2 },
  { norm: layer, bias: true },
  { norm: { ...layer, shifted: false }, inWidth: 1152, outWidth: 12, rows: 2 },
  // As mean(x²) − mean(x)², the variance would have no right digit here.
  { norm: layer, inWidth: 1757, outWidth: 33, mean: 1000, rows: 2 },
  { norm: { ...layer, offset: 1 }, inWidth: 33, outWidth: 5, mean: -5, plain: true },
  { norm: layer, inWidth: 5, outWidth: 20, mean: 3, cuts: [7] },
])('a norm before: %o', (differs) => check(differs))

test.each<Partial<Case>>([
  { activation: { kind: 'gelu', gated: false }, bias: true },
  { activation: { kind: 'relu2', gated: false }, inWidth: 31, outWidth: 45, cuts: [2, 9, 42], norm: rms },
  { activation: { kind: 'gelu-tanh', gated: false }, norm: layer, bias: true, rows: 3, outWidth: 33, layout: 'bf16' },
  { activation: silu, norm: rms },
  { activation: silu, norm: rms, inWidth: 640, outWidth: 33, rows: 4, layout: 'f16', bias: true, plain: true },
  { activation: { kind: 'gelu-tanh', gated: true }, inWidth: 33, outWidth: 31, scale: 0.5, residual: true },
  { activation: { kind: 'clamped-swiglu', gated: true }, inWidth: 72, outWidth: 6, bias: true },
])('an activation after: %o', (differs) => check(differs))

test('16-bit weights too small to be normal count', () => check({ layout: 'f16' }, 1e-6))

test('a driver with fewer lanes than it might have, and a grid of two layers', async () => {
  const outWidth = 131_080
  const atMost64Lanes: typeof matvec = {
    ...matvec,
    workgroups: (shape, _, part) =>
      matvec.workgroups(shape, { sum: 'subgroup', count: 64, least: 4, team: 1, tiles: 'quads' }, part),
  }
  const x = wave(8)
  const weight = wavyWeights('f32', outWidth, 8)
  const { y } = await run(
    atMost64Lanes,
    { inWidth: 8, outWidth, bias: false, residual: false, scale: 1 },
    { x, weight: weight.packed, bias: x, gain: x, shift: x, y: new Float32Array(outWidth) },
    { weights: { layout: 'f32', width: 8, rows: outWidth } },
  )
  expectAgreement(matvec, y, oracle.linear(x, weight.exact, 8))
})

test.each([1, 4, 64])('a vocabulary of 262144 fits a grid with %i lanes', (count) => {
  const [x, z] = outputGrid(
    { start: 0, rows: 262144 },
    { sum: 'subgroup', count, least: count, team: 1, tiles: 'quads' },
  )
  expect(x).toBeLessThanOrEqual(65535)
  expect(x * z * (64 / count) * 4).toBeGreaterThanOrEqual(262144)
})
