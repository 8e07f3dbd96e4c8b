import { expect, test } from 'vitest'
import { wave } from '../test/numbers.ts'
import { run } from '../test/run.ts'
import { areLaneSums, LANE_SUMS_THREADS, laneSums } from './lane-sums.ts'

const x = wave(LANE_SUMS_THREADS)

test.each([false, true])('lanes are neighbours and add up; plain: %s', async (plain) => {
  const { y } = await run(laneSums, undefined, { x, y: new Float32Array(2 * LANE_SUMS_THREADS) }, { plain })
  expect(areLaneSums(x, y)).toBe(true)
  y[777] = y[777]! + 0.01
  expect(areLaneSums(x, y)).toBe(false)
})

test('lanes that take turns instead of being neighbours are noticed', () => {
  const y = new Float32Array(2 * LANE_SUMS_THREADS)
  x.forEach((_, i) => {
    const others = Array.from({ length: 8 }, (_, lane) => x[i - (i % 64) + (i % 8) + 8 * lane]!)
    y.set([8, others.reduce((sum, value) => sum + value, 0)], 2 * i)
  })
  expect(areLaneSums(x, y)).toBe(false)
})
