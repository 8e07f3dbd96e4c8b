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
] as const)('$rows × $width, offset $offset', async ({ rows, width, ...different }) => {
  const { offset, plain } = { offset: 0, plain: false, ...different } as const
  const x = wave(rows * width)
  const weight = wave(width, 0.3)
  const { y } = await run(
    rmsnorm,
    { width, eps: 1e-5, offset },
    {
      x: padRows(x, rows, width),
      weight: padRows(weight, 1, width),
      y: new Float32Array((rows + 1) * padded(width)).fill(9),
    },
    { rows, plain },
  )
  const got = unpadRows(y, rows, width)
  expectAgreement(rmsnorm, got, oracle.rmsnorm(x, weight, 1e-5, offset))
  const end = rows * padded(width)
  expect(y.subarray(0, end)).toEqual(padRows(got, rows, width)) // zeros in the padding
  expect(y.subarray(end)).toEqual(new Float32Array(padded(width)).fill(9)) // a row that is none of this run's
})
