import code from './experts.wgsl?raw'
import { defineKernel } from './kernel.ts'
import { outputGrid } from './matvec.ts'

interface ExpertSize {
  readonly inWidth: number
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

/**
 * weight: [experts · outWidth, inWidth], the experts' matrices behind each other, in parts that may begin anywhere;
 * bias: [experts · outWidth] without gaps, or anything when `bias` is false; routes: [rows, active] as `route` leaves them.
 * spread: x [rows, inWidth] → y [rows · active, outWidth]; gather: x [rows · active, inWidth] → y [rows, outWidth];
 * rows padded. Each row reads its experts' weights again.
 */
export const experts = defineKernel({
  entry: 'experts',
  code,
  lanes: true,
  bindings: { x: 'read', weight: 'weight', bias: 'read', routes: 'read', y: 'write' },
  constants: (shape: ExpertsShape) => ({
    IN_WIDTH: shape.inWidth,
    OUT_WIDTH: shape.outWidth,
    ACTIVE: shape.active,
    HAS_BIAS: Number(shape.bias),
    GATHER: Number(shape.form === 'gather'),
    RESIDUAL: Number(shape.form === 'gather' && shape.residual),
    SCALE: shape.form === 'gather' ? shape.scale : 1,
  }),
  workgroups: ({ outWidth, active, form }, { rows }, lanes) => {
    const [x, z] = outputGrid({ start: 0, rows: outWidth }, lanes)
    return [x, form === 'gather' ? rows : rows * active, z]
  },
})
