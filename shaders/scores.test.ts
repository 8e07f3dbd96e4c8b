// With cases of their own in attention.test.ts, followed by softmax and weighted sum.
import { test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { weightsIn } from '../test/precision.ts'
import { padRows, run } from '../test/run.ts'
import { scores } from './scores.ts'

test.each([
  { rows: 31, position: 0, softcap: 0, alibi: false, cache: 'f32' },
  { rows: 1, position: 575, softcap: 2, alibi: false, cache: 'f16' },
  { rows: 33, position: 607, softcap: 2, alibi: true, cache: 'f32' },
] as const)('%o', async ({ rows, position, softcap, alibi, cache }) => {
  const size = { heads: 6, kvHeads: 3, headDim: 33, scale: 0.2, softcap, alibi, cache }
  const count = position + rows
  const q = wave(rows * 6 * 33, 0.3)
  const keys = weightsIn(cache, wave(count * 3 * 33), count * 3, 33)
  const slopes = wave(6, 0.4)
  const empty = new Float32Array(6 * rows * count)
  const out = await run(
    scores,
    size,
    { q: padRows(q, rows * 6, 33), keys: keys.packed, slopes, scores: empty },
    { rows, position },
  )
  const options = { ...size, position, slopes: alibi ? slopes : undefined }
  const want = oracle.attention(q, keys.exact, keys.exact, options).scores
  expectAgreement(scores, out.scores, want)
})
