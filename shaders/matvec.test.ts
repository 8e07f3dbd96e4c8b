import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { inParts } from '../test/parts.ts'
import { wavyWeights } from '../test/precision.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import type { NumberLayout } from './kernel.ts'
import { matvec, outputGrid } from './matvec.ts'

interface Case {
  readonly rows: number
  readonly inWidth: number
  readonly outWidth: number
  readonly layout: NumberLayout
  readonly bias: boolean
  readonly residual: boolean
  readonly scale: number
  readonly plain: boolean
  /** Rows of weight at which a part begins. */
  readonly cuts: readonly number[]
}

async function check({ rows, inWidth, outWidth, layout, bias, residual, scale, plain, cuts }: Case, largest = 1) {
  const x = wave(rows * inWidth)
  const weight = wavyWeights(layout, outWidth, inWidth, largest)
  const b = wave(outWidth, 0.3)
  const before = wave(rows * outWidth, 0.9)
  let y = padRows(before, rows, outWidth)
  for (const { weight: part, weights } of inParts(weight.packed, layout, [outWidth, inWidth], cuts)) {
    const inputs = { x: padRows(x, rows, inWidth), weight: part, bias: padRows(b, 1, outWidth), y }
    const shape = { inWidth, outWidth, bias, residual, scale }
    y = (await run(matvec, shape, inputs, { rows, weights, plain })).y
  }
  const got = unpadRows(y, rows, outWidth)
  const want = oracle.linear(x, weight.exact, inWidth, {
    bias: bias ? b : undefined,
    residual: residual ? before : undefined,
    scale,
  })
  expectAgreement(matvec, got, want)
  expect(y).toEqual(padRows(got, rows, outWidth)) // padding is zero
}

const size = { rows: 1, inWidth: 576, outWidth: 509, layout: 'f32' } as const
const base: Case = { ...size, bias: false, residual: false, scale: 1, plain: false, cuts: [] }

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
])('%o agrees with the oracle', (differs) => check({ ...base, ...differs }))

test('16-bit weights too small to be normal count', () => check({ ...base, layout: 'f16' }, 1e-6))

test('a driver with fewer lanes than it might have, and a grid of two layers', async () => {
  const outWidth = 131_080
  const atMost64Lanes: typeof matvec = {
    ...matvec,
    workgroups: (shape, step, _, part) => matvec.workgroups(shape, step, { sum: 'subgroup', count: 64 }, part),
  }
  const x = wave(8)
  const weight = wavyWeights('f32', outWidth, 8)
  const { y } = await run(
    atMost64Lanes,
    { inWidth: 8, outWidth, bias: false, residual: false, scale: 1 },
    { x, weight: weight.packed, bias: x, y: new Float32Array(outWidth) },
    { weights: { layout: 'f32', width: 8, rows: outWidth } },
  )
  expectAgreement(matvec, y, oracle.linear(x, weight.exact, 8))
})

test.each([1, 4, 64])('a vocabulary of 262144 fits a grid with %i lanes', (count) => {
  const [x, z] = outputGrid({ start: 0, rows: 262144 }, { sum: 'subgroup', count })
  expect(x).toBeLessThanOrEqual(65535)
  expect(x * z * (64 / count) * 4).toBeGreaterThanOrEqual(262144)
})
