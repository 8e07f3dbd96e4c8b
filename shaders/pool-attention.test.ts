import { expect, test } from 'vitest'
import { wave } from '../test/numbers.ts'
import { run } from '../test/run.ts'
import { poolAttention } from './pool-attention.ts'

test.each([
  { rows: 33, first: 0, position: 0, size: 7, count: 33 },
  { rows: 31, first: 5, position: 607, size: 32, count: 700 },
  { rows: 9, first: 0, position: 0, size: 9, count: 9 },
])('%o', async ({ rows, first, position, size, count }) => {
  const heads = 3
  const keys = position + rows
  const weights = wave((rows - first) * heads * keys).map(Math.abs)
  const before = 0.25
  const want = new Float32Array(heads * size * size).fill(before)
  for (let row = first; row < rows; row++) {
    for (let head = 0; head < heads; head++) {
      for (let key = 0; key <= position + row; key++) {
        const down = Math.floor(((position + row) * size) / count)
        const at = (head * size + down) * size + Math.floor((key * size) / count)
        want[at] = Math.max(want[at]!, weights[((row - first) * heads + head) * keys + key]!)
      }
    }
  }
  const cells = new Uint32Array(Float32Array.from(want, () => before).buffer)
  const area = Uint32Array.of(count, 0, 0, 0)
  const found = await run(poolAttention, { heads, size }, { weights, cells, area }, { rows, first, position })
  expect(new Float32Array(found.cells.buffer, found.cells.byteOffset, want.length)).toEqual(want)
})
