import { expect, test } from 'vitest'
import { expectAgreement } from '../test/agreement.ts'
import { normed } from '../test/normed.ts'
import { wave } from '../test/numbers.ts'
import * as oracle from '../test/oracle.ts'
import { inParts } from '../test/parts.ts'
import { wavyWeights } from '../test/precision.ts'
import { padRows, run, unpadRows } from '../test/run.ts'
import type { ActivationForm } from './activation.ts'
import { type ExpertsShape, experts } from './experts.ts'
import { type NumberLayout, padded } from './kernel.ts'
import type { NormShape } from './products.ts'

interface Case {
  readonly rows: number
  readonly count: number
  readonly active: number
  readonly inWidth: number
  readonly outWidth: number
  readonly layout: NumberLayout
  readonly bias: boolean
  readonly norm: NormShape | undefined
  readonly activation: ActivationForm | undefined
  readonly plain: boolean
  /** Rows of weight at which a part begins. */
  readonly cuts: readonly number[]
}

/** Routes that take turns in no simple order, one expert more than once in a row now and then. */
function wavyRoutes(rows: number, active: number, count: number) {
  const length = rows * active
  const ids = Array.from({ length }, (_, i) => (i * i + (i >> 2)) % count)
  const weights = wave(length, 0.4).map((value) => 0.5 + value / 3)
  const bits = new Uint32Array(weights.buffer)
  return { ids, weights, packed: Uint32Array.from({ length: 2 * length }, (_, i) => (i % 2 ? bits : ids)[i >> 1]!) }
}

async function check(form: ExpertsShape['form'], c: Case, { scale = 1, residual = false } = {}) {
  const { rows, count, active, inWidth, outWidth, layout, bias, norm, activation, plain, cuts } = c
  const expertRows = activation?.gated ? 2 * outWidth : outWidth
  const [inRows, outRows] = form === 'spread' ? [rows, rows * active] : [rows * active, rows]
  const x = wave(inRows * inWidth)
  const weight = wavyWeights(layout, count * expertRows, inWidth)
  const b = wave(count * expertRows, 0.3)
  const [gain, shift] = [wave(inWidth, 0.2), wave(inWidth, 0.6)]
  const before = wave(outRows * outWidth, 0.9)
  const routes = wavyRoutes(rows, active, count)
  const size = { inWidth, outWidth, active, bias, norm }
  const shape = form === 'spread' ? { ...size, form, activation } : { ...size, form, scale, residual }
  const options = { inWidth, active, bias: bias ? b : undefined }
  const want =
    form === 'spread'
      ? oracle.activate(
          oracle.spread(normed(x, norm, gain, shift), weight.exact, count, routes.ids, options),
          outWidth,
          activation,
        )
      : oracle.gather(x, weight.exact, count, routes, { ...options, scale, residual: residual ? before : undefined })
  for (const tiles of plain ? (['shared'] as const) : (['quads', 'shared'] as const)) {
    let y = residual ? padRows(before, outRows, outWidth) : new Float32Array(outRows * padded(outWidth)).fill(9)
    for (const { weight: part, weights } of inParts(weight.packed, layout, [count * expertRows, inWidth], cuts)) {
      const inputs = { x: padRows(x, inRows, inWidth), weight: part, routes: routes.packed, y }
      const vectors = { gain: padRows(gain, 1, inWidth), shift: padRows(shift, 1, inWidth) }
      const all = { ...inputs, ...vectors, bias: bias ? b : new Float32Array(4).fill(9) }
      y = (await run(experts, shape, all, { rows, weights, plain, variants: { tiles } })).y
    }
    const got = unpadRows(y, outRows, outWidth)
    expectAgreement(experts, got, want)
    expect(y).toEqual(padRows(got, outRows, outWidth)) // padding is zero
  }
}

const base: Case = {
  rows: 1,
  count: 5,
  active: 2,
  inWidth: 64,
  outWidth: 33,
  layout: 'f32',
  bias: false,
  norm: undefined,
  activation: undefined,
  plain: false,
  cuts: [],
}

const rms: NormShape = { kind: 'rms', eps: 1e-5, offset: 0, shifted: false }
const layer: NormShape = { kind: 'layer', eps: 1e-5, offset: 0, shifted: true }

test.each<Partial<Case>>([
  {},
  { rows: 31, layout: 'f16', bias: true, inWidth: 31, outWidth: 12 },
  { rows: 3, active: 4, count: 4, inWidth: 1757, layout: 'bf16', bias: true },
  { rows: 2, active: 16, count: 33, inWidth: 576, outWidth: 31, layout: 'f16' },
  { rows: 2, inWidth: 640, outWidth: 509, bias: true, plain: true },
  { inWidth: 1152, outWidth: 9, layout: 'bf16', plain: true },
  { inWidth: 8, outWidth: 1 },
  { rows: 9, cuts: [33, 99], bias: true },
  { rows: 5, outWidth: 12, inWidth: 31, layout: 'f16', cuts: [12, 13, 30, 55], plain: true },
  { norm: rms },
  { norm: layer, rows: 3, bias: true, outWidth: 31, inWidth: 31, cuts: [33, 99] },
  { activation: { kind: 'silu', gated: true }, norm: rms, rows: 3, bias: true },
  { activation: { kind: 'clamped-swiglu', gated: true }, outWidth: 6, inWidth: 640, layout: 'f16', plain: true },
])('spread %o', (differs) => check('spread', { ...base, ...differs }))

test.each<Partial<Case> & { scale?: number; residual?: boolean }>([
  { residual: true },
  { rows: 33, layout: 'f16', bias: true, inWidth: 31, outWidth: 12, residual: true, scale: 0.22 },
  { rows: 3, active: 4, count: 4, inWidth: 1757, layout: 'bf16', bias: true },
  { rows: 2, active: 16, count: 33, inWidth: 576, outWidth: 31, layout: 'f16', residual: true },
  { rows: 2, inWidth: 640, outWidth: 509, bias: true, residual: true, plain: true },
  { inWidth: 1152, outWidth: 9, active: 1, layout: 'bf16', scale: 3, plain: true },
  { inWidth: 8, outWidth: 1, residual: true },
  { rows: 9, cuts: [33, 99], bias: true, scale: 0.5 },
  { rows: 5, outWidth: 12, inWidth: 31, layout: 'f16', residual: true, cuts: [12, 13, 30, 55], plain: true },
])('gather %o', ({ scale, residual, ...differs }) =>
  check('gather', { ...base, ...differs }, { ...(scale && { scale }), ...(residual && { residual }) }),
)
