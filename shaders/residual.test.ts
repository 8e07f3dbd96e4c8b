import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { relativeError, wave } from '../test/numbers.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { residual } from './residual.ts'

test.each([
  [1, 5, 1],
  [31, 576, 1],
  [33, 1757, 0.22],
  [4100, 257, -1], // more than one turn for each thread
])('%i × %i, scale %f', async (rows, width, scale) => {
  const [x, y] = [wave(rows * width), wave(rows * width, 0.3)]
  const out = await run(
    residual,
    { width, scale },
    { x: padRows(x, rows, width), y: padRows(y, rows, width) },
    { rows },
  )
  const got = unpadRows(out.x, rows, width)
  expectAgreement(
    residual,
    got,
    x.map((value, i) => value + scale * y[i]!),
    1e-6,
  )
  expect(relativeError(out.x, padRows(got, rows, width))).toBe(0) // zeros in the padding
})

test('rows after the last stay as they are', async () => {
  const { x } = await run(residual, { width: 8, scale: 1 }, { x: wave(24), y: wave(24).fill(1) }, { rows: 2 })
  expect(x.subarray(16)).toEqual(wave(24).subarray(16))
})
