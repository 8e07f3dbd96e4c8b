import { type ActivationForm, activationConstants } from './activation.ts'
import acts from './fragments/activations.wgsl?raw'
import products from './fragments/products.wgsl?raw'
import { cover, defineKernel, type Lanes, padded, perRow, type WeightPart } from './kernel.ts'
import code from './matvec.wgsl?raw'
import { ownsRows, type ProductShape, productConstants } from './products.ts'

export interface MatvecShape extends ProductShape {
  /** Numbers in a row of y. */
  readonly outWidth: number
  readonly bias: boolean
  /** Of x·weightᵀ + bias; gated: weight and bias have 2 · outWidth rows, those of gate, then of up. */
  readonly activation?: ActivationForm | undefined
  /** Add to what `y` holds instead of replacing it. */
  readonly residual: boolean
  /** What is stored or added is multiplied with this. */
  readonly scale: number
}

/** Far below the 65535 that a grid may measure along an axis. */
export const MOST_ALONG_X = 32768

/**
 * [x, z] of a grid whose workgroups of 64 threads make, every `lanes.count` threads, so many vec4s (`quads`) of those in
 * which numbers start … start + rows − 1 lie, and the padding that may follow.
 */
export function outputGrid(
  { start, rows }: Pick<WeightPart, 'start' | 'rows'>,
  lanes: Lanes,
  quads = 1,
): readonly [x: number, z: number] {
  const groups = cover(padded(start + rows) / 4 - Math.floor(start / 4), (64 / lanes.count) * quads)
  return [Math.min(groups, MOST_ALONG_X), cover(groups, MOST_ALONG_X)]
}

/** Rows of weight, in fours, that share what is read of x: more of them where that is also to be normed, or rounded. */
export const quadsOf = ({ norm, arithmetic }: ProductShape, lanes: Lanes, activation?: ActivationForm): 1 | 2 =>
  norm || arithmetic === 'int8' || activation?.gated || ownsRows(lanes) ? 2 : 1

/**
 * x: [rows, inWidth]; weight: [outWidth, inWidth], in parts, or gated [2 · outWidth, inWidth], whole; bias: a number for
 * each row of weight, or anything when `bias` is false; gain, shift: [inWidth], of `norm`; y: [rows, outWidth]; rows padded.
 * For few rows: each row reads all weights again.
 */
export const matvec = defineKernel({
  entry: 'matvec',
  code: acts + products + code,
  lanes: true,
  products: true,
  arithmetic: ({ arithmetic = 'f32' }: MatvecShape) => arithmetic,
  bindings: { x: 'read', weight: 'weight', bias: 'read', gain: 'read', shift: 'read', y: 'write' },
  constants: (shape: MatvecShape, lanes) => ({
    ...productConstants(shape, quadsOf(shape, lanes, shape.activation)),
    ...activationConstants(shape.activation),
    OUT_WIDTH: shape.outWidth,
    HAS_BIAS: Number(shape.bias),
    RESIDUAL: Number(shape.residual),
    SCALE: shape.scale,
  }),
  workgroups: (shape, lanes, part) => {
    const { activation } = shape
    const [x, z] = activation?.gated
      ? outputGrid({ start: 0, rows: shape.outWidth }, lanes)
      : outputGrid(part, lanes, quadsOf(shape, lanes, activation))
    return [x, perRow, z]
  },
})
