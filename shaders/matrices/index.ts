import type { Halves } from '../kernel.ts'
import m8x8x8 from './8x8x8.wgsl?raw'
import m16x16x16 from './16x16x16.wgsl?raw'

/** Sizes M × N × K of subgroup matrices: M rows by N columns are made of K numbers each. */
export type MatrixSize = Exclude<Halves, 'none' | 'threads'>

/** The file of constants of each, and what its sums are. Where a device has several, the first is taken. */
export const matrixSizes: Readonly<Record<MatrixSize, { readonly code: string; readonly sum: 'f32' | 'f16' }>> = {
  '16x16x16': { code: m16x16x16, sum: 'f32' },
  '8x8x8': { code: m8x8x8, sum: 'f16' },
}
