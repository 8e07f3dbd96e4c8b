/** Every layout through the kernels that read weights, against float64 on the numbers that its bits stand for. */
import { test } from 'vitest'
import { expectAgreement } from '../../test/agreement.ts'
import { wave } from '../../test/numbers.ts'
import * as oracle from '../../test/oracle.ts'
import { type RunOptions, run, unpadRows } from '../../test/run.ts'
import { matrix } from '../../test/weights.ts'
import { embed } from '../embed.ts'
import { padded, type WeightLayout } from '../kernel.ts'
import { matmul } from '../matmul.ts'
import { matvec } from '../matvec.ts'
import { accessors } from './index.ts'

const LAYOUTS = Object.keys(accessors) as WeightLayout[]

test.each(LAYOUTS)('%s is what embed copies', async (layout) => {
  const [vocab, width] = [33, 512]
  const table = matrix(layout, vocab, width)
  const ids = [32, 0, 7, 7, 31]
  const { y } = await run(
    embed,
    { width, scale: 1, learned: false, offset: 0 },
    {
      ids: Uint32Array.from(ids),
      weight: table.packed,
      positions: new Float32Array(4),
      y: new Float32Array(ids.length * width),
    },
    { rows: ids.length, weights: { layout, width, rows: vocab } },
  )
  // A difference of two products may be fused: the last bits of its largest term.
  expectAgreement(embed, y, oracle.embed(ids, table.exact, width), 1e-6)
})

/** What matvec and matmul are given, and what they should make of it. */
function linear(layout: WeightLayout, rows: number, width: number) {
  const outWidth = 31
  const weight = matrix(layout, outWidth, width)
  const x = wave(rows * width)
  return {
    shape: { inWidth: width, outWidth, bias: false, residual: false, scale: 1, arithmetic: 'f32' } as const,
    inputs: { x, weight: weight.packed, bias: new Float32Array(4), y: new Float32Array(rows * padded(outWidth)) },
    options: { rows, weights: { layout, width, rows: outWidth } },
    numbers: (y: Float32Array) => unpadRows(y, rows, outWidth),
    want: oracle.linear(x, weight.exact, width),
  }
}

test.each<[rows: number, width: number, layout: WeightLayout, sharing: RunOptions]>([
  ...LAYOUTS.flatMap((layout): [number, number, WeightLayout, RunOptions][] => [
    [3, 1280, layout, { variants: { tiles: 'quads' } }],
    [3, 1280, layout, { variants: { tiles: 'shared' } }],
  ]),
  // How lanes add up does not depend on the layout.
  [1, 256, 'q8_0', { plain: true }],
  [31, 512, 'q6_k', { plain: true }],
])('%i × %i of %s in matvec agree with the oracle, %o', async (rows, width, layout, sharing) => {
  const { shape, inputs, options, numbers, want } = linear(layout, rows, width)
  const none = new Float32Array(4)
  const { y } = await run(matvec, shape, { ...inputs, gain: none, shift: none }, { ...options, ...sharing })
  expectAgreement(matvec, numbers(y), want)
})

test.each<[rows: number, width: number, layout: WeightLayout]>([
  [33, 512, 'f8_e4m3'],
  [33, 200, 'i8_scaled'],
  [33, 512, 'q4_k'],
  [31, 256, 'mxfp4'],
])('%i × %i of %s in matmul agree with the oracle', async (rows, width, layout) => {
  const { shape, inputs, options, numbers, want } = linear(layout, rows, width)
  const { y } = await run(matmul, shape, inputs, options)
  expectAgreement(matmul, numbers(y), want)
})
