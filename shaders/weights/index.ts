import type { WeightLayout } from '../kernel.ts'
import bf16 from './bf16.wgsl?raw'
import f16 from './f16.wgsl?raw'
import f32 from './f32.wgsl?raw'

/** The accessor of each layout: the file that goes behind every kernel that reads weights. */
export const accessors: Readonly<Record<WeightLayout, string>> = { f32, f16, bf16 }

/** Bytes that one number of a weight takes. */
export const bytesPerWeight: Readonly<Record<WeightLayout, number>> = { f32: 4, f16: 2, bf16: 2 }
