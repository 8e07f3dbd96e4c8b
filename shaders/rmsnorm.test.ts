import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { padded } from './kernel.ts'
import { rmsnorm } from './rmsnorm.ts'

test.each([
  { rows: 1, width: 64 },
  { rows: 31, width: 576 },
  { rows: 33, width: 640 },
  { rows: 3, width: 1152 },
  { rows: 4, width: 1757 },
  { rows: 9, width: 1757, offset: 1 },
  { rows: 31, width: 33, offset: 1, plain: true },
  { rows: 3, width: 33, scale: 0.3, residual: true },
] as const)('$rows × $width, offset $offset', async ({ rows, width, ...different }) => {
  const usual = { offset: 0, plain: false, residual: false, scale: 1 } as const
  const { plain, ...shape } = { ...usual, ...different }
  const x = wave(rows * width)
  const weight = wave(width, 0.3)
  const before = wave(rows * width, 0.9)
  const { y } = await run(
    rmsnorm,
    { width, eps: 1e-5, ...shape },
    {
      x: padRows(x, rows, width),
      weight: padRows(weight, 1, width),
      y: Float32Array.of(...padRows(before, rows, width), ...new Float32Array(padded(width)).fill(9)),
    },
    { rows, plain },
  )
  const got = unpadRows(y, rows, width)
  const normed = oracle.rmsnorm(x, weight, 1e-5, shape.offset)
  expectAgreement(
    rmsnorm,
    got,
    normed.map((value, i) => shape.scale * value + (shape.residual ? before[i]! : 0)),
  )
  const end = rows * padded(width)
  expect(y.subarray(0, end)).toEqual(padRows(got, rows, width)) // zeros in the padding
  expect(y.subarray(end)).toEqual(new Float32Array(padded(width)).fill(9)) // a row that is none of this run's
})
