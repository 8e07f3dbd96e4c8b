import { describe, expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { relativeError, wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { weightsIn } from '../test/precision.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { attention } from './attention.ts'
import { padded, type Tiles } from './kernel.ts'
import { scores } from './scores.ts'
import { softmax } from './softmax.ts'
import { weightedSum } from './weighted-sum.ts'

interface Case {
  readonly heads?: number
  readonly kvHeads?: number
  readonly headDim?: number
  readonly window?: number
  readonly softcap?: number
  readonly alibi?: boolean
  readonly sinks?: boolean
  readonly cache?: 'f32' | 'f16'
  readonly rows?: number
  readonly position?: number
  readonly padding?: number
  /** What every q is multiplied with: large ones make scores of which few matter. */
  readonly loud?: number
}

const cases: Case[] = [
  {},
  { rows: 5, position: 40 },
  { cache: 'f16', rows: 33, position: 5 },
  { heads: 3, kvHeads: 1, headDim: 33, rows: 31, window: 7, position: 70 },
  { heads: 2, kvHeads: 2, headDim: 80, rows: 3, position: 637, window: 100, cache: 'f16' }, // 640 keys
  { heads: 2, kvHeads: 1, headDim: 256, rows: 2, position: 1150, softcap: 5, cache: 'f16' }, // 1152 keys
  { heads: 2, kvHeads: 1, headDim: 8, rows: 1, position: 1756 }, // 1757 keys
  { heads: 5, kvHeads: 5, headDim: 16, rows: 3 }, // more lanes than keys
  { heads: 4, kvHeads: 2, headDim: 24, rows: 33, position: 9, padding: 14, loud: 30 }, // 5 rows see no key
  { heads: 1, kvHeads: 1, headDim: 5, rows: 4, padding: 2, window: 2, softcap: 30, loud: 1000, cache: 'f16' },
  { rows: 31, position: 9, alibi: true },
  { heads: 5, kvHeads: 1, headDim: 33, rows: 3, position: 637, alibi: true, softcap: 5, window: 300, cache: 'f16' },
  { rows: 33, position: 5, sinks: true, window: 6 },
  { heads: 4, kvHeads: 2, headDim: 64, rows: 3, padding: 2, sinks: true, loud: 30 }, // 2 rows see only the sink
  { heads: 3, kvHeads: 3, headDim: 24, rows: 1, position: 1756, sinks: true, alibi: true, cache: 'f16' },
]

describe.each(cases)('%o', ({ rows = 1, position = 0, padding = 0, loud = 3, ...different }) => {
  const none = { window: 0, softcap: 0, alibi: false, sinks: false, cache: 'f32' as const }
  const size = { heads: 6, kvHeads: 2, headDim: 32, ...none, ...different }
  const { heads, kvHeads, headDim, window, softcap, alibi, cache } = size
  const scale = 1 / Math.sqrt(headDim)
  const step = { rows, position, padding }
  const count = position + rows

  const q = wave(rows * heads * headDim, 0.3).map((value) => value * loud)
  const keys = weightsIn(cache, wave(count * kvHeads * headDim, 0.7), count * kvHeads, headDim)
  const values = weightsIn(cache, wave(count * kvHeads * headDim, 1.1), count * kvHeads, headDim)
  const slopes = Float32Array.from({ length: heads }, (_, head) => 2 ** -head)
  const sinks = wave(heads, 0.9).map((value) => value * loud)
  const perHead = { slopes: alibi ? slopes : undefined, sinks: size.sinks ? sinks : undefined }
  const want = oracle.attention(q, keys.exact, values.exact, { ...size, scale, position, padding, ...perHead })
  const paddedQ = padRows(q, rows * heads, headDim)
  const y = () => new Float32Array(rows * padded(heads * headDim)).fill(9)

  test.each<Tiles>(['quads', 'shared'])('fused, tiles: %s', async (tiles) => {
    const inputs = { q: paddedQ, keys: keys.packed, values: values.packed, slopes, sinks, y: y() }
    const out = await run(attention, { ...size, scale }, inputs, { ...step, variants: { tiles } })
    const got = unpadRows(out.y, rows, heads * headDim)
    expectAgreement(attention, got, want.y)
    expect(relativeError(out.y, padRows(got, rows, heads * headDim))).toBe(0) // zeros in the padding
  })

  test('explicit: scores, softmax, weighted sum', async () => {
    const empty = new Float32Array(heads * rows * count).fill(9)
    const shape = { heads, kvHeads, headDim, cache }
    const scored = await run(
      scores,
      { ...shape, scale, softcap, alibi },
      { q: paddedQ, keys: keys.packed, slopes, scores: empty },
      step,
    )
    expectAgreement(scores, scored.scores, want.scores)

    const mask = { heads, scale: 1, causal: true, window, sinks: size.sinks }
    const masked = await run(softmax, mask, { scores: scored.scores, sinks }, step)
    expectAgreement(softmax, masked.scores, want.weights)

    const out = await run(weightedSum, shape, { weights: masked.scores, values: values.packed, y: y() }, step)
    const got = unpadRows(out.y, rows, heads * headDim)
    expectAgreement(weightedSum, got, want.y)
    expect(relativeError(out.y, padRows(got, rows, heads * headDim))).toBe(0) // zeros in the padding
  })
})
