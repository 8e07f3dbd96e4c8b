/** Products of whole numbers, of every layout that has them, against float64. */
import { expect, test } from 'vitest'
import { expectAgreement } from '../../test/agreement.ts'
import { dequantise, planesOf, randomBlocks } from '../../test/formats.ts'
import { wave } from '../../test/numbers.ts'
import * as oracle from '../../test/oracle.ts'
import { type RunOptions, run, unpadRows } from '../../test/run.ts'
import { type BlockLayout, padded } from '../kernel.ts'
import { matvec } from '../matvec.ts'
import { blockFormats } from '../weights/formats.ts'

const LAYOUTS = ['q8_0', 'q4_0', 'iq4_nl', 'q4_k', 'q6_k'] as const
const [rows, width, outWidth] = [2, 1280, 31]

const cases = LAYOUTS.flatMap((layout): [BlockLayout, RunOptions][] => [
  [layout, { variants: { tiles: 'quads' } }],
  [layout, { variants: { tiles: 'shared' } }],
])

async function product(layout: BlockLayout, x: Float32Array, options: RunOptions) {
  const blocks = randomBlocks(layout, (outWidth * width) / blockFormats[layout].weights)
  const none = new Float32Array(4)
  const { y } = await run(
    matvec,
    { inWidth: width, outWidth, bias: false, residual: false, scale: 1, arithmetic: 'int8' },
    {
      x,
      weight: planesOf(layout, blocks),
      bias: none,
      gain: none,
      shift: none,
      y: new Float32Array(rows * padded(outWidth)),
    },
    { rows, weights: { layout, width, rows: outWidth }, ...options },
  )
  const exact = dequantise(layout, blocks)
  return { y: unpadRows(y, rows, outWidth), want: oracle.linear(x, exact, width), exact }
}

test.each([...cases, ['q8_0', { plain: true }] as const])(
  'what needs no rounding is not rounded: %s, %o',
  async (layout, options) => {
    const whole = wave(rows * width).map((value, i) => (i % 8 === 5 ? -127 : Math.round(100 * value)))
    const { y, want } = await product(layout, whole, options)
    expectAgreement(matvec, y, want)
  },
)

test.each(cases)('what is rounded is off by half a step for each number at most: %s, %o', async (layout, options) => {
  // Eights that differ by a million, and one of zeros.
  const x = wave(rows * width).map((value, i) => value * ([1, 1e-3, 1e3, 0][(i >> 3) % 4] ?? 1))
  const { y, want, exact } = await product(layout, x, options)
  for (const [i, value] of y.entries()) {
    const [row, column] = [Math.floor(i / outWidth), i % outWidth]
    let most = 0
    for (let k = 0; k < width; k++) {
      const eight = x.subarray(row * width + (k & ~7), row * width + (k | 7) + 1)
      const step = eight.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / 127
      most += 0.5001 * step * Math.abs(exact[column * width + k]!)
    }
    expect(Math.abs(value - want[i]!)).toBeLessThan(most)
    expect(value).not.toBe(want[i]) // or it was not rounded
  }
})
