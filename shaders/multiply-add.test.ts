import { test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { run } from '../test/run.ts'
import { MULTIPLY_ADD_THREADS, multiplyAdd } from './multiply-add.ts'

test.each([
  [0.99, 0.25],
  [-0.98, 1],
])('x · %f + %f, as often as asked for', async (a, b) => {
  const start = [1, 2, 3, 5] as const
  const [turns, rows] = [16, 4]
  const x = Float32Array.of(...start, a, b, 0, 0)
  const { y } = await run(multiplyAdd, { turns }, { x, y: new Float32Array(MULTIPLY_ADD_THREADS * 4) }, { rows })
  const repeated = (from: number) => {
    let value = from
    for (let turn = 0; turn < turns * rows; turn++) value = value * a + b
    return value
  }
  const sums = start.map((value, i) => repeated(value) + repeated(-value) + repeated(start[3 - i]!))
  expectAgreement(
    multiplyAdd,
    y,
    y.map((_, i) => sums[i % 4]!),
  )
})
