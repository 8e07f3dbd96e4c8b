import type { WeightLayout } from '../kernel.ts'
import bf16 from './bf16.wgsl?raw'
import blocks from './blocks.wgsl?raw'
import eight_bits from './eight_bits.wgsl?raw'
import f8_e4m3 from './f8_e4m3.wgsl?raw'
import f8_e5m2 from './f8_e5m2.wgsl?raw'
import f16 from './f16.wgsl?raw'
import f32 from './f32.wgsl?raw'
import i8 from './i8.wgsl?raw'
import iq4_levels from './iq4_levels.wgsl?raw'
import iq4_nl from './iq4_nl.wgsl?raw'
import iq4_xs from './iq4_xs.wgsl?raw'
import k_scales from './k_scales.wgsl?raw'
import mxfp4 from './mxfp4.wgsl?raw'
import mxfp4_pairs from './mxfp4_pairs.wgsl?raw'
import q2_k from './q2_k.wgsl?raw'
import q3_k from './q3_k.wgsl?raw'
import q4_0 from './q4_0.wgsl?raw'
import q4_1 from './q4_1.wgsl?raw'
import q4_k from './q4_k.wgsl?raw'
import q5_0 from './q5_0.wgsl?raw'
import q5_1 from './q5_1.wgsl?raw'
import q5_k from './q5_k.wgsl?raw'
import q6_k from './q6_k.wgsl?raw'
import q8_0 from './q8_0.wgsl?raw'
import scaled from './scaled.wgsl?raw'

/** The accessor of each layout: the source that goes behind every kernel that reads weights. */
export const accessors: Readonly<Record<WeightLayout, string>> = {
  f32,
  f16,
  bf16,
  f8_e4m3: eight_bits + f8_e4m3,
  f8_e5m2: eight_bits + f8_e5m2,
  i8: eight_bits + i8,
  f8_e4m3_scaled: scaled + f8_e4m3,
  i8_scaled: scaled + i8,
  q8_0: blocks + q8_0,
  q4_0: blocks + q4_0,
  q4_1: blocks + q4_1,
  q5_0: blocks + q5_0,
  q5_1: blocks + q5_1,
  q2_k: blocks + q2_k,
  q3_k: blocks + q3_k,
  q4_k: blocks + k_scales + q4_k,
  q5_k: blocks + k_scales + q5_k,
  q6_k: blocks + q6_k,
  iq4_nl: blocks + iq4_levels + iq4_nl,
  iq4_xs: blocks + iq4_levels + iq4_xs,
  mxfp4: blocks + mxfp4,
  mxfp4_pairs: blocks + mxfp4_pairs,
}
