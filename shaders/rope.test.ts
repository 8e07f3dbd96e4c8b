import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { gainsOf, headsOf, ropeTable } from '../test/heads.ts'
import { relativeError, wave } from '../test/numbers.ts'
import { decode } from '../test/precision.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import type { HeadNorm, HeadsShape } from './heads.ts'
import { padded } from './kernel.ts'
import { rope } from './rope.ts'

interface Case extends Partial<HeadsShape> {
  readonly rows?: number
  readonly position?: number
  /** Rows of the table before the one of position 0. */
  readonly skipped?: number
  /** Added to every number. */
  readonly mean?: number
  readonly plain?: boolean
}

const rms: HeadNorm = { over: 'head', kind: 'rms', eps: 1e-5, offset: 0, gained: true }

test.each<Case>([
  {},
  { pairing: 'interleaved', rows: 31, position: 7, plain: true },
  { heads: 4, kvHeads: 4, headDim: 80, rotaryDim: 20, rows: 3, position: 100 },
  { heads: 3, kvHeads: 1, headDim: 33, rotaryDim: 32, rows: 33, cache: 'f16' },
  { heads: 5, kvHeads: 1, headDim: 34, rotaryDim: 34, pairing: 'interleaved', position: 3, cache: 'f16' },
  { heads: 2, kvHeads: 2, headDim: 33, rotaryDim: 0, rows: 2, position: 1 },
  { headDim: 40, rotaryDim: 20, rows: 31, position: 2, clip: 0.4, cache: 'f16' },
  { headDim: 33, rotaryDim: 0, rows: 2, position: 1, clip: 0.7 },
  { rows: 3, position: 5, skipped: 11, rotaryDim: 12, pairing: 'interleaved', clip: 0.5 },
  { norm: rms, rows: 3, position: 2 },
  { norm: { ...rms, over: 'heads' }, heads: 5, kvHeads: 2, headDim: 33, rotaryDim: 8, rows: 31, plain: true },
  { norm: { ...rms, over: 'width', offset: 1 }, rows: 2, clip: 0.9, cache: 'f16' },
  { norm: { ...rms, gained: false }, rows: 2, pairing: 'interleaved', rotaryDim: 16 },
  { norm: { ...rms, kind: 'layer', over: 'heads' }, mean: 100, heads: 3, kvHeads: 1, headDim: 256, rotaryDim: 256 },
  {
    norm: { ...rms, kind: 'layer', over: 'width', offset: 1 },
    mean: 1000,
    rows: 3,
    headDim: 24,
    rotaryDim: 24,
    plain: true,
  },
])('%o', async ({ rows = 1, position = 0, skipped = 0, mean = 0, plain = false, ...different }) => {
  const usual = {
    heads: 6,
    kvHeads: 2,
    headDim: 32,
    rotaryDim: 32,
    pairing: 'half',
    clip: 0,
    norm: null,
    cache: 'f32',
  } as const
  const shape: HeadsShape = { ...usual, ...different }
  const { heads, kvHeads, headDim, norm, cache } = shape
  const capacity = position + rows + 1
  const qkv = wave(rows * (heads + 2 * kvHeads) * headDim).map((value) => value + mean)
  const untouched = 0x1234
  const empty = () => {
    const length = capacity * kvHeads * padded(headDim)
    return cache === 'f16' ? new Uint16Array(length).fill(untouched) : new Uint32Array(length).fill(untouched)
  }

  const out = await run(
    rope,
    shape,
    {
      qkv: padRows(qkv, rows, (heads + 2 * kvHeads) * headDim),
      table: ropeTable(shape, capacity, skipped),
      ...gainsOf(shape),
      q: new Float32Array(rows * heads * padded(headDim)).fill(9),
      keys: empty(),
      values: empty(),
    },
    { rows, position, table: skipped, plain },
  )
  const want = headsOf(qkv, rows, shape, position)
  const tolerance = norm ? undefined : 1e-6

  const q = unpadRows(out.q, rows * heads, headDim)
  expectAgreement(rope, q, want.q, tolerance)
  expect(relativeError(out.q, padRows(q, rows * heads, headDim))).toBe(0) // zeros in the padding

  const perPosition = kvHeads * padded(headDim)
  for (const [bits, numbers] of [
    [out.keys, want.k],
    [out.values, want.v],
  ] as const) {
    const got = Float32Array.from(bits.subarray(position * perPosition, (position + rows) * perPosition), (b) =>
      decode(b, cache),
    )
    const tight = unpadRows(got, rows * kvHeads, headDim)
    if (cache === 'f32') expectAgreement(rope, tight, numbers, tolerance)
    else expect(relativeError(tight, numbers)).toBeLessThan(2 ** -11) // a half float's step
    expect(relativeError(got, padRows(tight, rows * kvHeads, headDim))).toBe(0) // zeros in the padding
    for (const b of bits.subarray(0, position * perPosition)) expect(b).toBe(untouched)
    for (const b of bits.subarray((position + rows) * perPosition)) expect(b).toBe(untouched)
  }
})

test('what an f16 cache cannot hold becomes the largest that it can', async () => {
  const size = { heads: 1, kvHeads: 1, headDim: 8, rotaryDim: 0, clip: 0 }
  const shape = { ...size, pairing: 'half', norm: null, cache: 'f16' } as const
  const { keys, values } = await run(rope, shape, {
    qkv: Float32Array.from({ length: 24 }, (_, i) => (i % 2 ? 1e9 : -7e4)),
    table: new Float32Array(2),
    ...gainsOf(shape),
    q: new Float32Array(8),
    keys: new Uint16Array(8),
    values: new Uint16Array(8),
  })
  for (const bits of [keys, values]) {
    expect(Array.from(bits, (b) => decode(b, 'f16'))).toEqual([
      -65504, 65504, -65504, 65504, -65504, 65504, -65504, 65504,
    ])
  }
})
