import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { relativeError, wave } from '../test/numbers.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { positions } from './positions.ts'

test.each([
  [1, 576],
  [31, 33],
  [33, 1757],
])('%i × %i', async (rows, width) => {
  const [x, table] = [wave(rows * width), wave((rows + 5) * width, 0.3)]
  const inputs = { positions: padRows(table, rows + 5, width), y: padRows(x, rows, width) }
  const out = await run(positions, { width, offset: 2 }, inputs, { rows, position: 3 })
  const got = unpadRows(out.y, rows, width)
  const want = x.map((value, i) => value + table[5 * width + i]!)
  expectAgreement(positions, got, want, 1e-6)
  expect(relativeError(out.y, padRows(got, rows, width))).toBe(0) // zeros in the padding
})
