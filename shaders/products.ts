/** What kernels have in common that multiply rows of x with rows of weight through fragments/products.wgsl. */
import type { Lanes } from './kernel.ts'

/** A norm of the rows of x as they are read. */
export interface NormShape {
  readonly kind: 'rms' | 'layer'
  readonly eps: number
  /** Added to every number of `gain`. */
  readonly offset: 0 | 1
  /** Whether `shift` is added; of layer norms only. */
  readonly shifted: boolean
}

export interface ProductShape {
  readonly inWidth: number
  /** Undefined: rows are taken as they are, and `gain` and `shift` may be anything. */
  readonly norm?: NormShape | undefined
  /** 'int8': numbers of x are rounded, where a layout has whole numbers to multiply them with. 'f32' unless given. */
  readonly arithmetic?: 'f32' | 'int8'
}

/** Whether each lane has a row of weight of its own (products/own.wgsl): where a CPU plays the GPU, in groups of eight. */
export const ownsRows = ({ sum, count, least, tiles }: Lanes): boolean =>
  sum === 'subgroup' && tiles === 'quads' && count === least && count === 8

/** In the order of the constants in fragments/products.wgsl and heads.wgsl. */
export const normKinds = ['none', 'rms', 'layer'] as const

/** @param quads of rows of weight that a lane group multiplies together */
export const productConstants = ({ inWidth, norm }: ProductShape, quads: 1 | 2) => ({
  IN_WIDTH: inWidth,
  NORM: normKinds.indexOf(norm?.kind ?? 'none'),
  EPS: norm?.eps ?? 0,
  OFFSET: norm?.offset ?? 0,
  SHIFTED: Number(norm?.shifted ?? false),
  QUADS: quads,
})
