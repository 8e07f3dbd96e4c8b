import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { gainsOf, headsOf, ropeTable } from '../test/heads.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { decode, encode, weightsIn } from '../test/precision.ts'
import { padRows, run } from '../test/run.ts'
import { type CaptureAttentionShape, captureAttention } from './capture-attention.ts'
import type { HeadNorm } from './heads.ts'

interface Case extends Partial<Omit<CaptureAttentionShape, 'chosen'>> {
  readonly chosen?: readonly number[]
  readonly rows?: number
  readonly first?: number
  readonly position?: number
  readonly padding?: number
  /** As on a device without subgroups. */
  readonly plain?: boolean
}

const rms: HeadNorm = { over: 'head', kind: 'rms', eps: 1e-5, offset: 0, gained: true }

test.each<Case>([
  {},
  { position: 640, chosen: [5, 0], plain: true },
  { rows: 31, first: 30, position: 9, cache: 'f16' },
  { rows: 33, first: 4, position: 40, window: 17, padding: 3, heads: 3, kvHeads: 1, headDim: 33, rotaryDim: 32 },
  { rows: 3, position: 237, rotaryDim: 0, alibi: true, softcap: 5, cache: 'f16', chosen: [3] },
  { rows: 3, position: 70, sinks: true, window: 6, norm: { ...rms, over: 'width', offset: 1 }, clip: 0.9 },
  { heads: 4, kvHeads: 2, headDim: 256, rotaryDim: 256, position: 33, pairing: 'interleaved', norm: rms, plain: true },
])('%o', async ({ rows = 1, first = 0, position = 0, padding = 0, plain = false, chosen, ...different }) => {
  const turn = { headDim: 32, rotaryDim: 32, pairing: 'half', norm: null, clip: 0, cache: 'f32' } as const
  const size = { heads: 6, kvHeads: 2, ...turn, window: 0, softcap: 0, alibi: false, sinks: false, ...different }
  const { heads, kvHeads, headDim, cache, alibi } = size
  const looked = chosen ?? Array.from({ length: heads }, (_, head) => head)
  const shape = { ...size, scale: 1 / Math.sqrt(headDim), chosen: looked.length }
  const count = position + rows

  const qkv = wave(rows * (heads + 2 * kvHeads) * headDim, 0.3).map((value) => value * 3)
  const own = headsOf(qkv, rows, shape, position)
  const before = wave(position * kvHeads * headDim, 0.7)
  const keys = weightsIn(cache, Float32Array.from([...before, ...own.k]), count * kvHeads, headDim)
  const slopes = Float32Array.from({ length: heads }, (_, head) => 2 ** -head)
  const sinks = wave(heads, 0.9)
  const exact = Float64Array.from([...before, ...own.k], (value) => decode(encode(Math.fround(value), cache), cache))
  const { weights } = oracle.attention(own.q, exact, exact, {
    ...shape,
    position,
    padding,
    slopes: alibi ? slopes : undefined,
    sinks: shape.sinks ? sinks : undefined,
  })

  const inputs = {
    qkv: padRows(qkv, rows, (heads + 2 * kvHeads) * headDim),
    table: alibi ? slopes : ropeTable(shape, count),
    ...gainsOf(shape),
    sinks,
    keys: keys.packed,
    chosen: Uint32Array.from(looked),
    weights: new Float32Array((rows - first) * looked.length * count).fill(9),
  }
  const found = await run(captureAttention, shape, inputs, { rows, first, position, padding, plain })
  const want = Array.from({ length: rows - first }, (_, row) =>
    looked.map((head) => [
      ...weights.subarray((head * rows + first + row) * count, (head * rows + first + row + 1) * count),
    ]),
  ).flat(2)
  expectAgreement(captureAttention, found.weights, want)
  expect(found.weights).toHaveLength(want.length)
})
