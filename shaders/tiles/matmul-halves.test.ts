/** Products of half floats, beside float64. Lavapipe has `shader-f16`; SwiftShader has not. */
import { expect, type TestContext, test } from 'vitest'
import { expectAgreement } from '../../test/agreement.ts'
import { gpu } from '../../test/gpu.ts'
import { LINEAR_CASES, linearOracle, runLinear } from '../../test/linear.ts'
import { relativeError, wave } from '../../test/numbers.ts'
import { wavyWeights, weightsIn } from '../../test/precision.ts'
import { matrix } from '../../test/weights.ts'
import type { WeightLayout } from '../kernel.ts'
import { matmul } from '../matmul.ts'
import { accessors } from '../weights/index.ts'

const VARIANTS = { tiles: 'shared', halves: 'threads' } as const
const CASES = LINEAR_CASES.map((one) => ({ ...one, layout: one.layout === 'f32' ? 'bf16' : one.layout }) as const)
const HALVED = CASES.map((one) => ({ ...one, arithmetic: 'f16' }) as const)
const [PLAIN] = HALVED.filter(({ rows, cuts, scale }) => rows === 31 && cuts.length === 0 && scale === 1)

const needHalves = ({ skip }: TestContext) =>
  skip(!gpu.device.features.has('shader-f16'), 'this driver has no shader-f16')

const STRETCH = 16
/** The nearest half float on either side is at most this far from a number, relative to it: drivers choose the side. */
const ROUNDING = 2 ** -10

/**
 * How far x·weightᵀ may be from what it is. A number is rounded when it becomes a half, so is the other, their product,
 * and each sum of the stretch: (STRETCH + 2) times in all. Numbers below 2^-14 may become 0: of x and of weight, which are
 * scaled to 16 and more, that is 2^-18 of the largest, and of products and sums 2^-22 of the product of the largest.
 */
function boundOf(x: Float32Array, weight: Float32Array, inWidth: number): Float64Array {
  const [rows, columns] = [stretches(x, inWidth), stretches(weight, inWidth)]
  return Float64Array.from({ length: rows.length * columns.length }, (_, at) => {
    const row = rows[Math.floor(at / columns.length)]!
    const column = columns[at % columns.length]!
    let [products, lost] = [0, 0]
    for (let s = 0; s < row.length; s++) {
      const { most, magnitudes } = row[s]!
      const other = column[s]!
      lost += STRETCH * (2 * 2 ** -18 + 2 * 2 ** -22) * most * other.most
      for (let k = 0; k < magnitudes.length; k++) products += magnitudes[k]! * other.magnitudes[k]!
    }
    return ((1 + ROUNDING) ** (STRETCH + 2) - 1) * products + lost
  })
}

/** Of each row the magnitudes, stretch by stretch, and the largest of each. */
function stretches(numbers: Float32Array, width: number) {
  return Array.from({ length: numbers.length / width }, (_, row) =>
    Array.from({ length: Math.ceil(width / STRETCH) }, (_, s) => {
      const end = Math.min((s + 1) * STRETCH, width)
      const magnitudes = numbers.slice(row * width + s * STRETCH, row * width + end).map(Math.abs)
      return { magnitudes, most: Math.max(...magnitudes) }
    }),
  )
}

/** What is farther from `want` than it may be. */
function strays(got: Float32Array, want: Float64Array, bound: Float64Array): string[] {
  return [...got].flatMap((value, i) => {
    const may = bound[i]! + 1e-5 * Math.abs(want[i]!)
    return Math.abs(value - want[i]!) <= may ? [] : [`${i}: got ${value}, want ${want[i]} ± ${may}`]
  })
}

test.for(HALVED)('$rows × $inWidth × $outWidth: where halves are exact, so is the product', async (one, context) => {
  needHalves(context)
  const { rows, inWidth, outWidth, layout } = one
  // Whole numbers whose sums stay small, times a power of two for each row.
  const whole = (width: number, step: number) => (_: unknown, i: number) =>
    (((i * step) % 7) - 3) * 2 ** ((Math.floor(i / width) % 9) - 4)
  const x = Float32Array.from({ length: rows * inWidth }, whole(inWidth, 5))
  const weight = weightsIn(layout, Array.from({ length: outWidth * inWidth }, whole(inWidth, 3)), outWidth, inWidth)
  expectAgreement(matmul, await runLinear(one, x, weight.packed, VARIANTS), linearOracle(one, x, weight.exact))
})

test.for(HALVED)('$rows × $inWidth × $outWidth: off by what rounding explains', async (one, context) => {
  needHalves(context)
  const { rows, inWidth, outWidth, layout, scale } = one
  const x = wave(rows * inWidth)
  const weight = wavyWeights(layout, outWidth, inWidth)
  const bound = boundOf(x, weight.exact, inWidth).map((most) => Math.abs(scale) * most)
  const got = await runLinear(one, x, weight.packed, VARIANTS)
  expect(strays(got, linearOracle(one, x, weight.exact), bound)).toEqual([])
})

test.for<[what: string, x: (i: number) => number, weight: (i: number) => number]>([
  ['1e6 and 1e-6 in a row', (i) => (i % 40 === 7 ? 1e6 : 1e-6), () => 1],
  ['1e6 that meets zeros', (i) => (i < 16 ? 1e6 : 1e-6), (i) => (i < 16 ? 0 : 1)],
  ['numbers that halves do not reach', () => 1e30, () => 1e-30],
  ['numbers that halves take for zero', () => 1e-30, () => 1e30],
  ['numbers that f32 hardly has', () => 1e-37, () => 1],
])('%s: off by what rounding explains', async ([, xOf, weightOf], context) => {
  needHalves(context)
  const one = { ...PLAIN!, bias: false, residual: false }
  const { rows, inWidth, outWidth } = one
  const x = wave(rows * inWidth).map((value, i) => value * xOf(i % inWidth))
  const numbers = wave(outWidth * inWidth, 0.7).map((value, i) => value * weightOf(i % inWidth))
  const weight = weightsIn('bf16', numbers, outWidth, inWidth)
  const got = await runLinear(one, x, weight.packed, VARIANTS)
  expect(strays(got, linearOracle(one, x, weight.exact), boundOf(x, weight.exact, inWidth))).toEqual([])
})

test('what is no number stays none', async (context) => {
  needHalves(context)
  const one = PLAIN!
  const { rows, inWidth, outWidth } = one
  const x = wave(rows * inWidth)
  x[3 * inWidth + 100] = Number.NaN
  x[5 * inWidth + 7] = Number.POSITIVE_INFINITY
  x[9 * inWidth + 570] = Number.NEGATIVE_INFINITY
  const weight = wavyWeights('bf16', outWidth, inWidth)
  const want = linearOracle(one, x, weight.exact)
  const got = await runLinear(one, x, weight.packed, VARIANTS)
  const none = (numbers: ArrayLike<number>) => Array.from(numbers, (value) => (Number.isFinite(value) ? 0 : value))
  expect(none(got)).toEqual(none(want))
})

test.for(Object.keys(accessors) as WeightLayout[])('%s: off by what rounding explains', async (layout, context) => {
  needHalves(context)
  const one = { ...PLAIN!, inWidth: 256, outWidth: 31, layout, bias: false, residual: false }
  const weight = matrix(layout, one.outWidth, one.inWidth)
  const x = wave(one.rows * one.inWidth)
  const want = linearOracle(one, x, weight.exact)
  const got = await runLinear(one, x, weight.packed, VARIANTS)
  if (layout === 'f32') return expectAgreement(matmul, got, want)
  expect(strays(got, want, boundOf(x, weight.exact, one.inWidth))).toEqual([])
  expect(relativeError(got, want)).toBeGreaterThan(1e-5) // they were half floats
})
