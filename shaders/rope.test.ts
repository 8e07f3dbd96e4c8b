import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { relativeError, wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { decode } from '../test/precision.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { padded } from './kernel.ts'
import { type RopeShape, rope } from './rope.ts'

const shapes: (Partial<RopeShape> & { rows?: number; position?: number; skipped?: number })[] = [
  {},
  { pairing: 'interleaved', rows: 31, position: 7 },
  { heads: 4, kvHeads: 4, headDim: 80, rotaryDim: 20, rows: 3, position: 100 },
  { heads: 3, kvHeads: 1, headDim: 33, rotaryDim: 32, rows: 33, cache: 'f16' },
  { heads: 5, kvHeads: 1, headDim: 34, rotaryDim: 34, pairing: 'interleaved', position: 3, cache: 'f16' },
  { heads: 2, kvHeads: 2, headDim: 33, rotaryDim: 0, rows: 2, position: 1 },
  { headDim: 40, rotaryDim: 20, rows: 31, position: 2, clip: 0.4, cache: 'f16' },
  { headDim: 33, rotaryDim: 0, rows: 2, position: 1, clip: 0.7 },
  { rows: 3, position: 5, skipped: 11, rotaryDim: 12, pairing: 'interleaved', clip: 0.5 },
]

test.each(shapes)('%o', async ({ rows = 1, position = 0, skipped = 0, ...different }) => {
  const shape = {
    heads: 6,
    kvHeads: 2,
    headDim: 32,
    rotaryDim: 32,
    pairing: 'half',
    clip: 0,
    cache: 'f32',
    ...different,
  } as const
  const { heads, kvHeads, headDim, rotaryDim, clip, cache } = shape
  const capacity = position + rows + 1
  const qkv = wave(rows * (heads + 2 * kvHeads) * headDim)
  const angle = (at: number, pair: number) => at * 10000 ** ((-2 * pair) / rotaryDim)
  const table = new Float32Array(Math.max(2, (skipped + capacity) * rotaryDim)).fill(9)
  for (let i = (skipped * rotaryDim) / 2; i < table.length / 2 && rotaryDim > 0; i++) {
    const turn = angle(Math.floor(i / (rotaryDim / 2)) - skipped, i % (rotaryDim / 2))
    table.set([Math.cos(turn), Math.sin(turn)], 2 * i)
  }
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
      table,
      q: new Float32Array(rows * heads * padded(headDim)).fill(9),
      keys: empty(),
      values: empty(),
    },
    { rows, position, table: skipped },
  )

  const limit = clip || Number.POSITIVE_INFINITY
  const part = (first: number, count: number) => {
    const numbers = Float64Array.from({ length: rows * count * headDim }, (_, i) => {
      const row = Math.floor(i / (count * headDim))
      return qkv[(row * (heads + 2 * kvHeads) + first) * headDim + (i % (count * headDim))]!
    })
    return oracle.clip(numbers, limit)
  }
  const turned = (first: number, count: number) =>
    oracle.rope(part(first, count), { ...shape, heads: count }, (row, pair) => angle(position + row, pair))

  const q = unpadRows(out.q, rows * heads, headDim)
  expectAgreement(rope, q, turned(0, heads), 1e-6)
  expect(relativeError(out.q, padRows(q, rows * heads, headDim))).toBe(0) // zeros in the padding

  const perPosition = kvHeads * padded(headDim)
  for (const [bits, want] of [
    [out.keys, turned(heads, kvHeads)],
    [out.values, part(heads + kvHeads, kvHeads)],
  ] as const) {
    const got = Float32Array.from(bits.subarray(position * perPosition, (position + rows) * perPosition), (b) =>
      decode(b, cache),
    )
    const tight = unpadRows(got, rows * kvHeads, headDim)
    if (cache === 'f32') expectAgreement(rope, tight, want, 1e-6)
    else expect(relativeError(tight, want)).toBeLessThan(2 ** -11) // a half float's step
    expect(relativeError(got, padRows(tight, rows * kvHeads, headDim))).toBe(0) // zeros in the padding
    for (const b of bits.subarray(0, position * perPosition)) expect(b).toBe(untouched)
    for (const b of bits.subarray((position + rows) * perPosition)) expect(b).toBe(untouched)
  }
})

test('what an f16 cache cannot hold becomes the largest that it can', async () => {
  const shape = { heads: 1, kvHeads: 1, headDim: 8, rotaryDim: 0, pairing: 'half', clip: 0, cache: 'f16' } as const
  const { keys, values } = await run(rope, shape, {
    qkv: Float32Array.from({ length: 24 }, (_, i) => (i % 2 ? 1e9 : -7e4)),
    table: new Float32Array(2),
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
