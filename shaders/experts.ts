import { type ActivationForm, activationConstants } from './activation.ts'
import code from './experts.wgsl?raw'
import acts from './fragments/activations.wgsl?raw'
import products from './fragments/products.wgsl?raw'
import { defineKernel } from './kernel.ts'
import { outputGrid, quadsOf } from './matvec.ts'
import { type ProductShape, productConstants } from './products.ts'

interface ExpertSize extends ProductShape {
  /** Numbers in a row of y. */
  readonly outWidth: number
  /** Experts that a row goes through. */
  readonly active: number
  readonly bias: boolean
}

export type ExpertsShape = ExpertSize &
  (
    | {
        /** A row of x to each of its experts, side by side in y. */
        readonly form: 'spread'
        /** Of what an expert makes; gated: it has 2 · outWidth rows, those of gate, then of up. */
        readonly activation?: ActivationForm | undefined
      }
    | {
        /** What a row's experts made, weighted and added up. */
        readonly form: 'gather'
        /** Of what is added up. */
        readonly scale: number
        /** Add to what `y` holds instead of replacing it. */
        readonly residual: boolean
      }
  )

const activationOf = (shape: ExpertsShape) => (shape.form === 'spread' ? shape.activation : undefined)

/**
 * weight: [experts · rows, inWidth], the experts' matrices behind each other, in parts that may begin anywhere, or gated
 * whole; bias: [experts · rows] without gaps, or anything when `bias` is false; gain, shift: [inWidth], of `norm`;
 * routes: [rows, active] as `route` leaves them.
 * spread: x [rows, inWidth] → y [rows · active, outWidth]; gather: x [rows · active, inWidth] → y [rows, outWidth];
 * rows padded. Each row reads its experts' weights again.
 */
export const experts = defineKernel({
  entry: 'experts',
  code: acts + products + code,
  lanes: true,
  products: true,
  arithmetic: ({ arithmetic = 'f32' }: ExpertsShape) => arithmetic,
  bindings: {
    x: 'read',
    weight: 'weight',
    bias: 'read',
    gain: 'read',
    shift: 'read',
    routes: 'read',
    y: 'write',
  },
  constants: (shape: ExpertsShape, lanes) => ({
    ...productConstants(shape, quadsOf(shape, lanes, activationOf(shape))),
    ...activationConstants(activationOf(shape)),
    OUT_WIDTH: shape.outWidth,
    EXPERT_ROWS: activationOf(shape)?.gated ? 2 * shape.outWidth : shape.outWidth,
    ACTIVE: shape.active,
    HAS_BIAS: Number(shape.bias),
    GATHER: Number(shape.form === 'gather'),
    RESIDUAL: Number(shape.form === 'gather' && shape.residual),
    SCALE: shape.form === 'gather' ? shape.scale : 1,
  }),
  workgroups: (shape, lanes) => {
    const { outWidth, active, form } = shape
    const activation = activationOf(shape)
    const quads = activation?.gated ? 1 : quadsOf(shape, lanes, activation)
    const [x, z] = outputGrid({ start: 0, rows: outWidth }, lanes, quads)
    return [x, ({ rows }) => (form === 'gather' ? rows : rows * active), z]
  },
})
