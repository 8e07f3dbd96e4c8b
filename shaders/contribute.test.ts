import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { contribute } from './contribute.ts'
import { magnitudes } from './magnitudes.ts'
import { scaleHeads } from './scale-heads.ts'

test.each([
  [576, 1],
  [1757, 33],
])('a sublayer of width %i adds to %i rows, times a factor', async (width, rows) => {
  const [x, y] = [wave(rows * width, 0.7), wave(rows * width, 1.3)]
  const shape = { width, scale: 0.5, factor: 2 }
  const inputs = { factors: Float32Array.of(9, 9, -3), y: padRows(y, rows, width), x: padRows(x, rows, width) }
  const found = await run(contribute, shape, inputs, { rows })
  expectAgreement(
    contribute,
    unpadRows(found.y, rows, width),
    y.map((added) => -1.5 * added),
  )
  expectAgreement(
    contribute,
    unpadRows(found.x, rows, width),
    x.map((value, i) => value - 1.5 * y[i]!),
  )
})

test.each([
  [640, 1, 0, false],
  [1757, 33, 2, false],
  [72, 31, 30, true],
])('magnitudes of width %i: %i rows, from %i on', async (width, rows, first, plain) => {
  const tensors = { x: wave(rows * width, 0.7), attention: wave(rows * width, 1.3), mlp: wave(rows * width, 2.1) }
  const padded = Object.fromEntries(Object.entries(tensors).map(([name, all]) => [name, padRows(all, rows, width)]))
  const inputs = { ...(padded as typeof tensors), y: new Float32Array((rows - first) * 4) }
  const found = await run(magnitudes, { width }, inputs, { rows, first, plain })
  const want = Array.from({ length: rows - first }, (_, nth) => {
    const of = (all: Float32Array) => all.subarray((first + nth) * width, (first + nth + 1) * width)
    const rms = (row: Float32Array) => Math.sqrt(row.reduce((sum, n) => sum + n * n, 0) / width)
    return [...Object.values(tensors).map((all) => rms(of(all))), 0]
  })
  expectAgreement(magnitudes, found.y, want.flat())
})

test('heads are scaled one by one, the padding is left', async () => {
  const [rows, heads, headDim] = [3, 5, 33]
  const attended = wave(rows * heads * headDim)
  const factors = Float32Array.of(1, 0, -2, 0.5, 1, 9, 9)
  const inputs = { factors, attended: padRows(attended, rows, heads * headDim) }
  const found = await run(scaleHeads, { heads, headDim }, inputs, { rows })
  const want = attended.map((n, i) => n * factors[Math.floor(i / headDim) % heads]!)
  expect(found.attended).toEqual(padRows(want, rows, heads * headDim))
})
