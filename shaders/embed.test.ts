import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { inParts } from '../test/parts.ts'
import { wavyWeights } from '../test/precision.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { embed } from './embed.ts'
import { type NumberLayout, padded } from './kernel.ts'

const VOCAB = 509
const CONTEXT = 40

test.each<[rows: number, width: number, layout: NumberLayout, learned: boolean, cuts?: readonly number[]]>([
  [1, 1, 'f32', true],
  [1, 576, 'f16', false],
  [31, 640, 'bf16', true],
  [33, 1152, 'f32', false],
  [3, 1757, 'f16', true],
  [33, 31, 'f16', true, [8, 256, 500]],
  [5, 64, 'f32', false, [3, 101]],
])('%i × %i of %s, learned positions %s, agrees with the oracle', async (rows, width, layout, learned, cuts) => {
  const ids = Array.from({ length: rows }, (_, row) => (VOCAB - 1 + row * 97) % VOCAB)
  const table = wavyWeights(layout, VOCAB, width)
  const positions = wave((CONTEXT + 2) * width, 0.3)
  let y = new Float32Array(rows * padded(width)).fill(7)
  for (const { weight, weights } of inParts(table.packed, layout, [VOCAB, width], cuts)) {
    const inputs = { ids: Uint32Array.from(ids), weight, positions: padRows(positions, CONTEXT + 2, width), y }
    y = (await run(embed, { width, scale: 24, learned, offset: 2 }, inputs, { rows, position: 5, weights })).y
  }
  const got = unpadRows(y, rows, width)
  const want = oracle.embed(ids, table.exact, width, {
    scale: 24,
    positions: learned ? positions : undefined,
    firstPosition: 7,
  })
  expectAgreement(embed, got, want, 1e-6)
  expect(y).toEqual(padRows(got, rows, width)) // padding is zero
})
