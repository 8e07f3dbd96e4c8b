import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { inParts } from '../test/parts.ts'
import { wavyWeights } from '../test/precision.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import type { NumberLayout } from './kernel.ts'
import { matmul } from './matmul.ts'

interface Case {
  readonly rows: number
  readonly inWidth: number
  readonly outWidth: number
  readonly layout: NumberLayout
  readonly bias: boolean
  readonly residual: boolean
  readonly scale: number
  /** Rows of weight at which a part begins. */
  readonly cuts: readonly number[]
}
const size = { rows: 33, inWidth: 576, outWidth: 509, layout: 'f32' } as const
const base: Case = { ...size, bias: false, residual: false, scale: 1, cuts: [] }

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
  { inWidth: 8, outWidth: 21, cuts: [10, 13], layout: 'f16', rows: 5, scale: 3, residual: true },
  { inWidth: 64, outWidth: 301, cuts: [144], rows: 9, bias: true },
])('%o agrees with the oracle, tiles in quads and in workgroup memory', async (differs) => {
  const { rows, inWidth, outWidth, layout, bias, residual, scale, cuts } = { ...base, ...differs }
  const x = wave(rows * inWidth)
  const weight = wavyWeights(layout, outWidth, inWidth)
  const b = wave(outWidth, 0.3)
  const before = wave((rows + 1) * outWidth, 0.9) // a row that the kernel must leave alone
  const want = oracle.linear(x, weight.exact, inWidth, {
    bias: bias ? b : undefined,
    residual: residual ? before : undefined,
    scale,
  })
  for (const tiles of ['quads', 'shared'] as const) {
    let y = padRows(before, rows + 1, outWidth)
    for (const { weight: part, weights } of inParts(weight.packed, layout, [outWidth, inWidth], cuts)) {
      const inputs = { x: padRows(x, rows, inWidth), weight: part, bias: padRows(b, 1, outWidth), y }
      y = (
        await run(matmul, { inWidth, outWidth, bias, residual, scale }, inputs, { rows, weights, variants: { tiles } })
      ).y
    }
    const got = unpadRows(y, rows + 1, outWidth)
    expectAgreement(matmul, got.subarray(0, rows * outWidth), want)
    expect(got.subarray(rows * outWidth)).toEqual(before.subarray(rows * outWidth))
    expect(y).toEqual(padRows(got, rows + 1, outWidth)) // padding is zero
  }
})
