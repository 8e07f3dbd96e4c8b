// With cases of their own in attention.test.ts, followed by softmax and weighted sum.
import { test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { weightsIn } from '../test/precision.ts'
import { padRows, run } from '../test/run.ts'
import { scores } from './scores.ts'

test.each([
  { rows: 31, position: 0, softcap: 0, cache: 'f32' },
  { rows: 1, position: 575, softcap: 2, cache: 'f16' },
] as const)('%o', async ({ rows, position, softcap, cache }) => {
  const size = { heads: 6, kvHeads: 3, headDim: 33, scale: 0.2, softcap, cache }
  const count = position + rows
  const q = wave(rows * 6 * 33, 0.3)
  const keys = weightsIn(cache, wave(count * 3 * 33), count * 3, 33)
  const empty = new Float32Array(6 * rows * count)
  const out = await run(
    scores,
    size,
    { q: padRows(q, rows * 6, 33), keys: keys.packed, scores: empty },
    { rows, position },
  )
  const want = oracle.attention(q, keys.exact, keys.exact, { ...size, position }).scores
  expectAgreement(scores, out.scores, want)
})
