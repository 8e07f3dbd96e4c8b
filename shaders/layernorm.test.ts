import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { padded } from './kernel.ts'
import { layernorm } from './layernorm.ts'

test.each([
  { rows: 1, width: 5 },
  { rows: 31, width: 576 },
  { rows: 33, width: 640 },
  { rows: 3, width: 1152 },
  { rows: 4, width: 1757 },
  // As mean(x²) − mean(x)², the variance would have no right digit here.
  { rows: 2, width: 1757, mean: 1000 },
  { rows: 9, width: 1757, mean: 3, offset: 1 },
  { rows: 31, width: 33, mean: -5, offset: 1, plain: true },
  { rows: 3, width: 33, scale: 0.3, residual: true },
] as const)('$rows × $width, mean $mean, offset $offset', async ({ rows, width, ...different }) => {
  const usual = { mean: 0, offset: 0, plain: false, residual: false, scale: 1 } as const
  const { mean, plain, ...shape } = { ...usual, ...different }
  const x = wave(rows * width).map((value) => value + mean)
  const weight = wave(width, 0.3)
  const bias = wave(width, 0.7)
  const before = wave(rows * width, 0.9)
  const { y } = await run(
    layernorm,
    { width, eps: 1e-5, ...shape },
    {
      x: padRows(x, rows, width),
      weight: padRows(weight, 1, width),
      bias: padRows(bias, 1, width),
      y: Float32Array.of(...padRows(before, rows, width), ...new Float32Array(padded(width)).fill(9)),
    },
    { rows, plain },
  )
  const got = unpadRows(y, rows, width)
  const normed = oracle.layernorm(x, weight, bias, 1e-5, shape.offset)
  expectAgreement(
    layernorm,
    got,
    normed.map((value, i) => shape.scale * value + (shape.residual ? before[i]! : 0)),
  )
  const end = rows * padded(width)
  expect(y.subarray(0, end)).toEqual(padRows(got, rows, width)) // zeros in the padding
  expect(y.subarray(end)).toEqual(new Float32Array(padded(width)).fill(9)) // a row that is none of this run's
})
