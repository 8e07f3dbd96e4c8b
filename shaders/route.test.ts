import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { normed } from '../test/normed.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { wavyWeights, weightsIn } from '../test/precision.ts'
import { padRows, type RunOptions, run } from '../test/run.ts'
import { padded } from './kernel.ts'
import type { NormShape } from './products.ts'
import { type RouteShape, route } from './route.ts'

type Choice = Pick<RouteShape, 'experts' | 'active' | 'softmaxOver'>

/** What is chosen where the router likes experts as `liking` says, [rows, experts]: row r of x is 1 at r, else 0. */
async function check(liking: Float32Array, choice: Choice) {
  const rows = liking.length / choice.experts
  const x = Float32Array.from({ length: rows * rows }, (_, i) => Number(i % rows === Math.floor(i / rows)))
  const columns = Float32Array.from(liking, (_, i) => liking[(i % rows) * choice.experts + Math.floor(i / rows)]!)
  const { packed } = weightsIn('f32', columns, choice.experts, rows)
  await agrees({ ...choice, inWidth: rows, bias: false }, { x, packed }, liking, { rows })
}

async function agrees(
  shape: RouteShape,
  { x, packed, bias = new Float32Array(4), gain = bias, shift = bias }: Inputs,
  liking: ArrayLike<number>,
  options: RunOptions,
) {
  const { experts, active, softmaxOver, inWidth } = shape
  const rows = liking.length / experts
  const weights = { layout: 'f32', width: padded(inWidth), rows: experts } as const
  const { routes } = await run(
    route,
    shape,
    {
      x: padRows(x, rows, inWidth),
      weight: packed,
      bias,
      gain: padRows(gain, 1, inWidth),
      shift: padRows(shift, 1, inWidth),
      routes: new Uint32Array(rows * active * 2).fill(999),
    },
    { rows, weights, ...options },
  )
  const want = oracle.route(liking, experts, active, softmaxOver)
  expect(Array.from(routes.filter((_, i) => i % 2 === 0))).toEqual(want.ids)
  expectAgreement(route, new Float32Array(routes.filter((_, i) => i % 2 === 1).buffer), want.weights)
}

interface Inputs {
  readonly x: Float32Array
  readonly packed: Float32Array | Uint16Array | Uint8Array
  readonly bias?: Float32Array
  readonly gain?: Float32Array
  readonly shift?: Float32Array
}

test.each<[rows: number, experts: number, active: number, softmaxOver: RouteShape['softmaxOver']]>([
  [1, 8, 2, 'active'],
  [33, 4, 4, 'all'],
  [31, 60, 4, 'all'],
  [5, 128, 8, 'active'],
  [3, 253, 16, 'all'],
  [2, 256, 16, 'active'],
  [1, 3, 1, 'all'],
])('%i rows, %i experts, %i active, softmax over %s', (rows, experts, active, softmaxOver) =>
  check(
    wave(rows * experts, 0.7).map((value) => 6 * value),
    { experts, active, softmaxOver },
  ),
)

test.each(['all', 'active'] as const)('the lowest ids first among equals, softmax over %s', (softmaxOver) =>
  check(
    Float32Array.from({ length: 4 * 72 }, (_, i) => Math.round(2 * Math.sin(i))),
    { experts: 72, active: 16, softmaxOver },
  ),
)

test.each(['all', 'active'] as const)('logits far from 0, softmax over %s', (softmaxOver) =>
  check(
    wave(2 * 65, 0.7).map((value, i) => 3 * value + (i < 65 ? 3000 : -3000)),
    { experts: 65, active: 8, softmaxOver },
  ),
)

const rms: NormShape = { kind: 'rms', eps: 1e-5, offset: 0, shifted: false }
const layer: NormShape = { kind: 'layer', eps: 1e-5, offset: 1, shifted: true }

test.each<[experts: number, inWidth: number, norm: NormShape | undefined, options: RunOptions]>([
  [31, 576, undefined, {}],
  [128, 640, rms, {}],
  [60, 33, layer, { plain: true }],
  [33, 1152, rms, { variants: { tiles: 'shared' } }],
  [64, 72, layer, { variants: { tiles: 'shared' }, plain: true }],
])('%i experts, %i wide, normed as %o, on %o', async (experts, inWidth, norm, options) => {
  const rows = 3
  const x = wave(rows * inWidth).map((value) => value + 2)
  const weight = wavyWeights('f32', experts, inWidth, 0.2)
  const [bias, gain, shift] = [wave(experts, 0.3), wave(inWidth, 0.2), wave(inWidth, 0.6)]
  const liking = oracle.linear(normed(x, norm, gain, shift), weight.exact, inWidth, { bias })
  const shape = { experts, active: 4, softmaxOver: 'all', bias: true, inWidth, norm } as const
  await agrees(shape, { x, packed: weight.packed, bias, gain, shift }, liking, options)
})
