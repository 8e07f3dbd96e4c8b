import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { gainsOf, headsOf, ropeTable } from '../test/heads.ts'
import { relativeError, wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { decode, encode, weightsIn } from '../test/precision.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { type DecodeAttentionShape, decodeAttention, partialNumbers, splitsOf } from './decode-attention.ts'
import type { HeadNorm } from './heads.ts'
import { padded } from './kernel.ts'
import { mergeAttention } from './merge-attention.ts'

interface Case extends Partial<DecodeAttentionShape> {
  readonly rows?: number
  readonly position?: number
  readonly padding?: number
  /** What every number is multiplied with: large ones make scores of which few matter. */
  readonly loud?: number
  /** As on a device without subgroups. */
  readonly plain?: boolean
  /** Lane groups share keys through workgroup memory. */
  readonly team?: boolean
}

const rms: HeadNorm = { over: 'head', kind: 'rms', eps: 1e-5, offset: 0, gained: true }

test.each<Case>([
  {},
  { position: 40, plain: true },
  { rows: 4, position: 5, cache: 'f16', team: true },
  { heads: 3, kvHeads: 1, headDim: 33, rotaryDim: 32, rows: 3, window: 7, position: 70, team: true },
  { heads: 2, kvHeads: 2, headDim: 80, rotaryDim: 20, position: 637, window: 100, cache: 'f16' },
  { heads: 2, kvHeads: 1, headDim: 256, rotaryDim: 256, rows: 2, position: 550, softcap: 5, cache: 'f16', team: true },
  { heads: 5, kvHeads: 5, headDim: 16, rotaryDim: 0, rows: 31, plain: true, team: true },
  { heads: 4, kvHeads: 2, headDim: 24, rotaryDim: 24, rows: 33, position: 9, padding: 14, loud: 30 }, // 5 rows see no key
  { heads: 16, kvHeads: 1, headDim: 64, rotaryDim: 64, position: 33, pairing: 'interleaved', norm: rms },
  { position: 9, rotaryDim: 0, alibi: true, plain: true },
  {
    heads: 5,
    kvHeads: 1,
    headDim: 33,
    rotaryDim: 0,
    rows: 3,
    position: 237,
    alibi: true,
    softcap: 5,
    window: 200,
    cache: 'f16',
  },
  { rows: 3, position: 5, sinks: true, window: 6, norm: { ...rms, over: 'width', offset: 1 }, clip: 0.9, team: true },
  { heads: 4, kvHeads: 2, headDim: 64, rotaryDim: 32, rows: 3, padding: 2, sinks: true, loud: 30 }, // 2 rows see only the sink
  // Divided: rows of several splits.
  { heads: 2, kvHeads: 1, headDim: 8, rotaryDim: 8, position: 1756 },
  {
    heads: 4,
    kvHeads: 2,
    headDim: 24,
    rotaryDim: 0,
    position: 1756,
    alibi: true,
    sinks: true,
    cache: 'f16',
    team: true,
  },
  { heads: 3, kvHeads: 3, headDim: 33, rotaryDim: 8, position: 2300, window: 1100, padding: 3, norm: rms, plain: true },
])('%o', async ({ rows = 1, position = 0, padding = 0, loud = 3, plain = false, team = false, ...different }) => {
  const turn = { headDim: 32, rotaryDim: 32, pairing: 'half', norm: null, clip: 0, cache: 'f32' } as const
  const look = { window: 0, softcap: 0, alibi: false, sinks: false, split: false }
  const size = { heads: 6, kvHeads: 2, ...turn, ...look, ...different }
  const { heads, kvHeads, headDim, cache, window, alibi } = size
  const shape = { ...size, scale: 1 / Math.sqrt(headDim) }
  const step = { rows, position, first: 0, padding, table: 0 }
  const forced = { plain, variants: { tiles: team ? ('shared' as const) : ('quads' as const) } }

  const qkv = wave(rows * (heads + 2 * kvHeads) * headDim, 0.3).map((value) => value * loud)
  const own = headsOf(qkv, rows, shape, position)
  const rounded = (numbers: Float64Array) => numbers.map((value) => decode(encode(Math.fround(value), cache), cache))
  const perPosition = kvHeads * headDim
  const keys = weightsIn(cache, wave(position * perPosition, 0.7), position * kvHeads, headDim)
  const values = weightsIn(cache, wave(position * perPosition, 1.1), position * kvHeads, headDim)
  const slopes = Float32Array.from({ length: heads }, (_, head) => 2 ** -head)
  const sinks = wave(heads, 0.9).map((value) => value * loud)
  const want = oracle.attention(own.q, [...keys.exact, ...rounded(own.k)], [...values.exact, ...rounded(own.v)], {
    ...shape,
    position,
    padding,
    slopes: alibi ? slopes : undefined,
    sinks: shape.sinks ? sinks : undefined,
  })

  const capacity = position + rows + 1
  const withRoom = (packed: typeof keys.packed) => {
    const all = new (packed.constructor as Float32ArrayConstructor)(capacity * kvHeads * padded(headDim)).fill(9)
    all.set(packed)
    return all
  }
  const y = () => new Float32Array(rows * padded(heads * headDim)).fill(9)
  const split = splitsOf(window, step) > 1
  const inputs = {
    qkv: padRows(qkv, rows, (heads + 2 * kvHeads) * headDim),
    table: alibi ? slopes : ropeTable(shape, capacity),
    ...gainsOf(shape),
    sinks,
    keys: withRoom(keys.packed),
    values: withRoom(values.packed),
    y: split ? new Float32Array(partialNumbers(shape)) : y(),
  }
  const out = await run(decodeAttention, { ...shape, split }, inputs, { ...step, ...forced })
  const merged = split
    ? await run(mergeAttention, { heads, headDim, window }, { partials: out.y, y: y() }, { ...step, ...forced })
    : out

  const got = unpadRows(merged.y, rows, heads * headDim)
  expectAgreement(decodeAttention, got, want.y)
  expect(relativeError(merged.y, padRows(got, rows, heads * headDim))).toBe(0) // zeros in the padding

  const stride = kvHeads * padded(headDim)
  for (const [cached, before, made] of [
    [out.keys, keys.packed, own.k],
    [out.values, values.packed, own.v],
  ] as const) {
    expect(cached.subarray(0, position * stride)).toEqual(before)
    const numbers = Float32Array.from(cached.subarray(position * stride, (position + rows) * stride), (bits) =>
      cache === 'f16' ? decode(bits, cache) : bits,
    )
    const tight = unpadRows(numbers, rows * kvHeads, headDim)
    if (cache === 'f32') expectAgreement(decodeAttention, tight, made)
    else expect(relativeError(tight, made)).toBeLessThan(2 ** -11) // a half float's step
    expect(relativeError(numbers, padRows(tight, rows * kvHeads, headDim))).toBe(0) // zeros in the padding
    for (const untouched of cached.subarray((position + rows) * stride)) expect(untouched).toBe(9)
  }
})
