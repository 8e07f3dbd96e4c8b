/** Products of half floats, beside float64. Lavapipe has `shader-f16`; SwiftShader has not. */
import { describe, expect, type TestContext, test } from 'vitest'
import { expectAgreement } from '../../test/agreement.ts'
import { gpu } from '../../test/gpu.ts'
import { LINEAR_CASES, linearOracle, type NumberCase, runLinear } from '../../test/linear.ts'
import { relativeError, wave } from '../../test/numbers.ts'
import { wavyWeights, weightsIn } from '../../test/precision.ts'
import { matrix } from '../../test/weights.ts'
import type { WeightLayout } from '../kernel.ts'
import { matmul } from '../matmul.ts'
import { type MatrixSize, matrixSizes } from '../matrices/index.ts'
import threads from '../matrices/threads.wgsl?raw'
import matrices from './matmul-matrices.wgsl?raw'

/** Subgroup matrices exist on no driver here: others read the tile in their place. */
const standIn = { ...matmul, halves: { ...matmul.halves!, matrices: threads + matrices } }
const WAYS = ['threads', ...(Object.keys(matrixSizes) as MatrixSize[])] as const
type Way = (typeof WAYS)[number]

const run = (
  way: Way,
  one: Parameters<typeof runLinear>[0],
  x: Float32Array,
  weight: Parameters<typeof runLinear>[2],
) => runLinear(one, x, weight, { tiles: 'shared', halves: way }, way === 'threads' ? matmul : standIn)

/** What becomes of number k of a row. */
type Changed = (value: number, k: number) => number

const CUT: NumberCase = {
  ...{ rows: 65, inWidth: 200, outWidth: 133, layout: 'bf16', cuts: [10] },
  ...{ bias: true, residual: true, scale: -3, arithmetic: 'f16' },
}
const PLAIN: NumberCase = { ...CUT, cuts: [], bias: false, residual: false, scale: 1 }
/** Software drivers take seconds to compile each of these: only one way goes through all shapes, and parts are in `CUT`. */
const CASES = LINEAR_CASES.filter(({ cuts }) => cuts.length === 0).map(
  (one): NumberCase => ({ ...one, layout: one.layout === 'f32' ? 'bf16' : one.layout, arithmetic: 'f16' }),
)
const casesOf = (way: Way) => [CUT, ...(way === 'threads' ? CASES : [])]

const needHalves = ({ skip }: TestContext) =>
  skip(!gpu.device.features.has('shader-f16'), 'this driver has no shader-f16')

/** How many numbers are summed as halves, or scaled together, and what is lost of them beside the largest. */
const stretchOf: Readonly<Record<Way, { readonly length: number; readonly lost: number }>> = {
  threads: { length: 16, lost: 2 ** -18 },
  '16x16x16': { length: 32, lost: 2 ** -14 },
  '8x8x8': { length: 32, lost: 2 ** -18 },
}
/** The nearest half float on either side is at most this far from a number, relative to it: drivers choose the side. */
const ROUNDING = 2 ** -10

/**
 * How far x·weightᵀ may be from what it is. A number is rounded when it becomes a half, so is the other, their product,
 * and each sum of the stretch. What is lost, of x and of weight, beside the largest of a stretch, is said above; of products
 * and sums it is no more than of either.
 */
function boundOf(way: Way, x: Float32Array, weight: Float32Array, inWidth: number): Float64Array {
  const { length, lost } = stretchOf[way]
  const [rows, columns] = [stretches(x, inWidth, length), stretches(weight, inWidth, length)]
  const rounded = (1 + ROUNDING) ** (length + 2) - 1
  return Float64Array.from({ length: rows.length * columns.length }, (_, at) => {
    const row = rows[Math.floor(at / columns.length)]!
    const column = columns[at % columns.length]!
    let bound = 0
    for (let s = 0; s < row.length; s++) {
      const { most, magnitudes } = row[s]!
      const other = column[s]!
      bound += 4 * lost * length * most * other.most
      for (let k = 0; k < magnitudes.length; k++) bound += rounded * magnitudes[k]! * other.magnitudes[k]!
    }
    return bound
  })
}

/** Of each row the magnitudes, stretch by stretch, and the largest of each. */
function stretches(numbers: Float32Array, width: number, length: number) {
  return Array.from({ length: numbers.length / width }, (_, row) =>
    Array.from({ length: Math.ceil(width / length) }, (_, s) => {
      const end = Math.min((s + 1) * length, width)
      const magnitudes = numbers.slice(row * width + s * length, row * width + end).map(Math.abs)
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

describe.each(WAYS)('%s', (way) => {
  test.for(casesOf(way))(
    '$rows × $inWidth × $outWidth: where halves are exact, so is the product',
    async (one, context) => {
      needHalves(context)
      const { rows, inWidth, outWidth, layout } = one
      // Whole numbers whose sums stay small, times a power of two for each row.
      const whole = (width: number, step: number) => (_: unknown, i: number) =>
        (((i * step) % 7) - 3) * 2 ** ((Math.floor(i / width) % 9) - 4)
      const x = Float32Array.from({ length: rows * inWidth }, whole(inWidth, 5))
      const weight = weightsIn(layout, Array.from({ length: outWidth * inWidth }, whole(inWidth, 3)), outWidth, inWidth)
      expectAgreement(matmul, await run(way, one, x, weight.packed), linearOracle(one, x, weight.exact))
    },
  )

  test.for(casesOf(way))('$rows × $inWidth × $outWidth: off by what rounding explains', async (one, context) => {
    needHalves(context)
    const { rows, inWidth, outWidth, layout, scale } = one
    const x = wave(rows * inWidth)
    const weight = wavyWeights(layout, outWidth, inWidth)
    const bound = boundOf(way, x, weight.exact, inWidth).map((most) => Math.abs(scale) * most)
    const got = await run(way, one, x, weight.packed)
    expect(strays(got, linearOracle(one, x, weight.exact), bound)).toEqual([])
  })

  test.for<[what: string, x: Changed, weight: Changed]>([
    ['1e6 and 1e-6 in a row', (value, k) => value * (k % 40 === 7 ? 1e6 : 1e-6), (value) => value],
    ['1e6 that meets zeros', (value, k) => value * (k < 32 ? 1e6 : 1e-6), (value, k) => (k < 32 ? 0 : value)],
    ['numbers that halves do not reach', (value) => value * 1e30, (value) => value * 1e-30],
    ['numbers that halves take for zero', (value) => value * 1e-30, (value) => value * 1e30],
    ['numbers that f32 hardly has', (value) => value * 1e-37, (value) => value],
    ['sums as large as they come', () => 1.99, () => 1.99],
  ])('%s: off by what rounding explains', async ([, xOf, weightOf], context) => {
    needHalves(context)
    const one = PLAIN
    const { rows, inWidth, outWidth } = one
    const x = wave(rows * inWidth).map((value, i) => xOf(value, i % inWidth))
    const numbers = wave(outWidth * inWidth, 0.7).map((value, i) => weightOf(value, i % inWidth))
    const weight = weightsIn('bf16', numbers, outWidth, inWidth)
    const got = await run(way, one, x, weight.packed)
    expect(strays(got, linearOracle(one, x, weight.exact), boundOf(way, x, weight.exact, inWidth))).toEqual([])
  })

  test('what is no number stays none', async (context) => {
    needHalves(context)
    const one = PLAIN
    const { rows, inWidth, outWidth } = one
    const x = wave(rows * inWidth)
    x[3 * inWidth + 100] = Number.NaN
    x[5 * inWidth + 7] = Number.POSITIVE_INFINITY
    x[64 * inWidth + 190] = Number.NEGATIVE_INFINITY
    const weight = wavyWeights('bf16', outWidth, inWidth)
    const want = linearOracle(one, x, weight.exact)
    const got = await run(way, one, x, weight.packed)
    const none = (numbers: ArrayLike<number>) => Array.from(numbers, (value) => (Number.isFinite(value) ? 0 : value))
    expect(none(got)).toEqual(none(want))
  })
})

test.for<WeightLayout>(['f8_e4m3', 'i8_scaled', 'q4_k', 'mxfp4'])(
  'weights in %s: off by what rounding explains',
  async (layout, context) => {
    needHalves(context)
    const one = { ...PLAIN, inWidth: 256, outWidth: 31, layout }
    const weight = matrix(layout, one.outWidth, one.inWidth)
    const x = wave(one.rows * one.inWidth)
    const want = linearOracle(one, x, weight.exact)
    const got = await run('threads', one, x, weight.packed)
    expect(strays(got, want, boundOf('threads', x, weight.exact, one.inWidth))).toEqual([])
    expect(relativeError(got, want)).toBeGreaterThan(1e-5) // they were half floats
  },
)

test.for<[what: string, differs: Partial<NumberCase>]>([
  ['weights in f32', { layout: 'f32' }],
  ['f32 asked for', { arithmetic: 'f32' }],
])('%s: the same as without halves, to the bit', async ([, differs]) => {
  const one: NumberCase = { ...PLAIN, ...differs }
  const { packed } = wavyWeights(one.layout, one.outWidth, one.inWidth)
  const x = wave(one.rows * one.inWidth)
  const [none, threads] = (['none', 'threads'] as const).map((halves) =>
    runLinear(one, x, packed, { tiles: 'shared', halves }),
  )
  expect(await threads).toEqual(await none)
})
