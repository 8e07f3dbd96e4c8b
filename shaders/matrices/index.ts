import type { Halves } from '../kernel.ts'
import m8x8x8 from './8x8x8.wgsl?raw'
import m16x16x16 from './16x16x16.wgsl?raw'

/** Sizes M × N × K of subgroup matrices: M rows by N columns are made of K numbers each. */
export type MatrixSize = Exclude<Halves, 'none' | 'threads'>

/** The file of constants of each: it goes with what multiplies them. The one to be taken, where a device has several, is first. */
export const matrixSizes: Readonly<Record<MatrixSize, string>> = {
  '16x16x16': m16x16x16,
  '8x8x8': m8x8x8,
}
