import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { relativeError, wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import { activation, activations } from './activation.ts'
import { padded } from './kernel.ts'

const plain = { rows: 1, gated: false } as const

test.each(activations)('%s over the whole range', async (kind) => {
  // Dense around 0, where a tail or a tanh would cancel, and far out, where an exponential would overflow.
  const x = Float32Array.from({ length: 1757 }, (_, i) => (i - 878) * (1 + ((i - 878) / 200) ** 4) * 0.01)
  const near = wave(1757, 0.3).map((value) => value * 1e-3)
  const far = Float32Array.of(-1e30, -3e5, -1000, -100, 0, 100, 1000, 3e5, 1e15)
  for (const [name, numbers] of Object.entries({ x, near, far })) {
    const hidden = numbers.length
    const { y } = await run(
      activation,
      { kind, hidden, gated: false },
      { x: padRows(numbers, 1, hidden), y: new Float32Array(padded(hidden)) },
      plain,
    )
    const want = Array.from(numbers, oracle.activations[kind])
    expectAgreement(activation, y.subarray(0, hidden), want)
    // Each number by itself, too, absolutely: relative to at least 1.
    for (const [i, value] of want.entries()) {
      expect(Math.abs(y[i]! - value), `${name} ${numbers[i]}`).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)))
    }
  }
})

test.each([
  { kind: 'silu', rows: 31, hidden: 576 },
  { kind: 'gelu-tanh', rows: 33, hidden: 1757 },
  { kind: 'gelu', rows: 1, hidden: 6 },
  { kind: 'relu2', rows: 260, hidden: 1757 }, // more than one turn for each thread
] as const)('$kind gated, $rows × $hidden', async ({ kind, rows, hidden }) => {
  const x = wave(rows * 2 * hidden).map((value) => 4 * value)
  const { y } = await run(
    activation,
    { kind, hidden, gated: true },
    { x: padRows(x, rows, 2 * hidden), y: new Float32Array(rows * padded(hidden)).fill(9) },
    { rows },
  )
  const want = Float64Array.from({ length: rows * hidden }, (_, i) => {
    const gate = Math.floor(i / hidden) * 2 * hidden + (i % hidden)
    return oracle.activations[kind](x[gate]!) * x[gate + hidden]!
  })
  const got = unpadRows(y, rows, hidden)
  expectAgreement(activation, got, want)
  expect(relativeError(y, padRows(got, rows, hidden))).toBe(0) // zeros in the padding
})

test.each([
  [1, 1, 31],
  [3, 4, 576],
  [1, 16, 33],
])('clamped SwiGLU of %i × %i rows, %i wide', async (rows, perRow, hidden) => {
  const all = rows * perRow
  const x = wave(all * 2 * hidden).map((value, i) => (i % 11 === 0 ? 1e4 : 12) * value) // far beyond ±7, too
  const { y } = await run(
    activation,
    { kind: 'clamped-swiglu', hidden, gated: true, perRow },
    { x: padRows(x, all, 2 * hidden), y: new Float32Array(all * padded(hidden)).fill(9) },
    { rows },
  )
  const want = Float64Array.from({ length: all * hidden }, (_, i) => {
    const gate = Math.floor(i / hidden) * 2 * hidden + (i % hidden)
    return oracle.clampedSwiglu(x[gate]!, x[gate + hidden]!)
  })
  const got = unpadRows(y, all, hidden)
  expectAgreement(activation, got, want)
  expect(relativeError(y, padRows(got, all, hidden))).toBe(0) // zeros in the padding
})
