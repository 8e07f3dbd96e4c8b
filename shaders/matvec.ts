import { cover, defineKernel, type Lanes, padded, type WeightPart } from './kernel.ts'
import code from './matvec.wgsl?raw'

export interface MatvecShape {
  readonly inWidth: number
  readonly outWidth: number
  readonly bias: boolean
  /** Add to what `y` holds instead of replacing it. */
  readonly residual: boolean
  /** What x·weightᵀ + bias is multiplied with before it is stored or added. */
  readonly scale: number
}

/** Far below the 65535 that a grid may measure along an axis. */
const MOST_ALONG_X = 32768

/**
 * [x, z] of a grid whose workgroups of 64 threads make, every `lanes.count` threads, a vec4 of those in which numbers
 * start … start + rows − 1 lie, and the padding that may follow.
 */
export function outputGrid(
  { start, rows }: Pick<WeightPart, 'start' | 'rows'>,
  lanes: Lanes,
): readonly [x: number, z: number] {
  const groups = cover(padded(start + rows) / 4 - Math.floor(start / 4), 64 / lanes.count)
  return [Math.min(groups, MOST_ALONG_X), cover(groups, MOST_ALONG_X)]
}

/**
 * x: [rows, inWidth]; weight: [outWidth, inWidth], in parts; bias: [outWidth], or anything when `bias` is false;
 * y: [rows, outWidth]; rows padded. For few rows: each row reads all weights again.
 */
export const matvec = defineKernel({
  entry: 'matvec',
  code,
  lanes: true,
  bindings: { x: 'read', weight: 'weight', bias: 'read', y: 'write' },
  constants: ({ inWidth, outWidth, bias, residual, scale }: MatvecShape) => ({
    IN_WIDTH: inWidth,
    OUT_WIDTH: outWidth,
    HAS_BIAS: Number(bias),
    RESIDUAL: Number(residual),
    SCALE: scale,
  }),
  workgroups: (_, { rows }, lanes, part) => {
    const [x, z] = outputGrid(part, lanes)
    return [x, rows, z]
  },
})
