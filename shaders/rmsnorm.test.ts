import { test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { rmsnorm } from './rmsnorm.ts'

test.each([
  [1, 64],
  [31, 576],
  [33, 640],
  [3, 1152],
  [4, 1757],
])('%i × %i agrees with the oracle', async (rows, width) => {
  const x = wave(rows * width)
  const weight = wave(width, 0.3)
  const { y } = await run(
    rmsnorm,
    { width, eps: 1e-5 },
    {
      x: padRows(x, rows, width),
      weight: padRows(weight, 1, width),
      y: new Float32Array(padRows(x, rows, width).length),
    },
    { rows },
  )
  expectAgreement(rmsnorm, unpadRows(y, rows, width), oracle.rmsnorm(x, weight, 1e-5))
})
