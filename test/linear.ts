/** `matmul` at shapes that no tile divides. */
import { expect } from 'vitest'
import type { NumberLayout, WeightLayout } from '../shaders/kernel.ts'
import { type MatmulShape, matmul } from '../shaders/matmul.ts'
import type { Variants } from '../src/gpu/variants.ts'
import { wave } from './numbers.ts'
import * as oracle from './oracle.ts'
import { inParts } from './parts.ts'
import { padRows, run, unpadRows } from './run.ts'

interface LinearCase extends Omit<MatmulShape, 'activation'> {
  readonly rows: number
  readonly layout: WeightLayout
  /** Rows of weight at which a part begins. */
  readonly cuts: readonly number[]
}
export type NumberCase = LinearCase & { readonly layout: NumberLayout }
const size = { rows: 33, inWidth: 576, outWidth: 509, layout: 'f32' } as const
const base: NumberCase = { ...size, bias: false, residual: false, scale: 1, arithmetic: 'f32', cuts: [] }

const differs: readonly Partial<NumberCase>[] = [
  { rows: 1, inWidth: 8, outWidth: 1 },
  { rows: 1, layout: 'f16', bias: true },
  { rows: 31, layout: 'bf16', bias: true, residual: true },
  { inWidth: 1757, layout: 'f16' },
  { inWidth: 640, outWidth: 1757, rows: 9, residual: true },
  { inWidth: 1152, outWidth: 136, rows: 64, layout: 'f16', bias: true },
  { inWidth: 31, outWidth: 68, rows: 65 },
  { inWidth: 640, outWidth: 33, bias: true, residual: true, scale: 0.22 },
  { inWidth: 31, outWidth: 36, rows: 3, bias: true, scale: -3 },
  { inWidth: 8, outWidth: 21, cuts: [10, 13], layout: 'f16', rows: 5, scale: 3, residual: true },
  { inWidth: 64, outWidth: 301, cuts: [144], rows: 9, bias: true },
]

export const LINEAR_CASES: readonly NumberCase[] = differs.map((some) => ({ ...base, ...some }))

const biasOf = ({ outWidth }: LinearCase) => wave(outWidth, 0.3)
/** What y holds before: one row more than the kernel is to make. */
const beforeOf = ({ rows, outWidth }: LinearCase) => wave((rows + 1) * outWidth, 0.9)

export const linearOracle = (one: LinearCase, x: Float32Array, weight: Float32Array) =>
  oracle.linear(x, weight, one.inWidth, {
    bias: one.bias ? biasOf(one) : undefined,
    residual: one.residual ? beforeOf(one) : undefined,
    scale: one.scale,
  })

/** What `kernel` makes of it, part by part. Its last row and all padding must be left as they are. */
export async function runLinear(
  one: LinearCase,
  x: Float32Array,
  packed: Parameters<typeof inParts>[0],
  variants: Partial<Variants>,
  kernel = matmul,
): Promise<Float32Array> {
  const { rows, layout, cuts, ...shape } = one
  const { inWidth, outWidth } = shape
  const before = beforeOf(one)
  let y = padRows(before, rows + 1, outWidth)
  for (const { weight, weights } of inParts(packed, layout, [outWidth, inWidth], cuts)) {
    const inputs = { x: padRows(x, rows, inWidth), weight, bias: padRows(biasOf(one), 1, outWidth), y }
    y = (await run(kernel, shape, inputs, { rows, weights, variants })).y
  }
  const got = unpadRows(y, rows + 1, outWidth)
  expect(got.subarray(rows * outWidth)).toEqual(before.subarray(rows * outWidth))
  expect(y).toEqual(padRows(got, rows + 1, outWidth))
  return got.subarray(0, rows * outWidth)
}
