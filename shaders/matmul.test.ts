import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { wavyWeights } from '../test/precision.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { padded, type WeightLayout } from './kernel.ts'
import { matmul } from './matmul.ts'

interface Case {
  readonly rows: number
  readonly inWidth: number
  readonly outWidth: number
  readonly layout: WeightLayout
  readonly bias: boolean
  readonly residual: boolean
  readonly scale: number
}
const size = { rows: 33, inWidth: 576, outWidth: 509, layout: 'f32' } as const
const base: Case = { ...size, bias: false, residual: false, scale: 1 }

test.each<Partial<Case>>([
  { rows: 1, inWidth: 8, outWidth: 1 },
  { rows: 1, layout: 'f16', bias: true },
  { rows: 31, layout: 'bf16', bias: true, residual: true },
  { inWidth: 1757, layout: 'f16' },
  { inWidth: 640, outWidth: 1757, rows: 9, residual: true },
  { inWidth: 1152, outWidth: 136, rows: 64, layout: 'f16', bias: true },
  { inWidth: 31, outWidth: 68, rows: 65 },
  { inWidth: 640, outWidth: 33, bias: true, residual: true, scale: 0.22 },
  { inWidth: 31, outWidth: 36, rows: 3, bias: true, scale: -3 },
])('%o agrees with the oracle', async (differs) => {
  const { rows, inWidth, outWidth, layout, bias, residual, scale } = { ...base, ...differs }
  const x = wave(rows * inWidth)
  const weight = wavyWeights(layout, outWidth, inWidth)
  const b = wave(outWidth, 0.3)
  const before = wave((rows + 1) * outWidth, 0.9) // a row that the kernel must leave alone
  const { y } = await run(
    matmul,
    { inWidth, outWidth, bias, residual, scale },
    {
      x: padRows(x, rows, inWidth),
      weight: weight.packed,
      bias: padRows(b, 1, outWidth),
      y: padRows(before, rows + 1, outWidth),
    },
    { rows, weights: { layout, width: padded(inWidth) } },
  )
  const got = unpadRows(y, rows + 1, outWidth)
  const want = oracle.linear(x, weight.exact, inWidth, {
    bias: bias ? b : undefined,
    residual: residual ? before : undefined,
    scale,
  })
  expectAgreement(matmul, got.subarray(0, rows * outWidth), want)
  expect(got.subarray(rows * outWidth)).toEqual(before.subarray(rows * outWidth))
  expect(y).toEqual(padRows(got, rows + 1, outWidth)) // padding is zero
})
