// With cases of their own in attention.test.ts, after scores and softmax.
import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { relativeError, wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { weightsIn } from '../test/precision.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { padded } from './kernel.ts'
import { weightedSum } from './weighted-sum.ts'

test.each([
  { rows: 33, position: 0, cache: 'f32' },
  { rows: 1, position: 639, cache: 'f16' },
] as const)('%o', async ({ rows, position, cache }) => {
  const size = { heads: 6, kvHeads: 3, headDim: 33, cache }
  const count = position + rows
  const q = wave(rows * 6 * 33, 0.3)
  const values = weightsIn(cache, wave(count * 3 * 33), count * 3, 33)
  const want = oracle.attention(q, values.exact, values.exact, { ...size, scale: 0.2, position })
  const y = new Float32Array(rows * padded(6 * 33)).fill(9)
  const weights = Float32Array.from(want.weights)
  const out = await run(weightedSum, size, { weights, values: values.packed, y }, { rows, position })
  const got = unpadRows(out.y, rows, 6 * 33)
  expectAgreement(weightedSum, got, want.y)
  expect(relativeError(out.y, padRows(got, rows, 6 * 33))).toBe(0) // zeros in the padding
})
