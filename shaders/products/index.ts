import type { WeightLayout } from '../kernel.ts'
import eight from './eight.wgsl?raw'
import iq4_nl from './iq4_nl.wgsl?raw'
import q4_0 from './q4_0.wgsl?raw'
import q4_k from './q4_k.wgsl?raw'
import q6_k from './q6_k.wgsl?raw'
import q8_0 from './q8_0.wgsl?raw'
import sixteen from './sixteen.wgsl?raw'

/** Layouts that are read in larger pieces than eight numbers, so that no bits and no scales are read twice. */
const own: Readonly<Partial<Record<WeightLayout, string>>> = {
  q8_0: sixteen + q8_0,
  q4_0: sixteen + q4_0,
  iq4_nl: sixteen + iq4_nl,
  q4_k: sixteen + q4_k,
  q6_k: sixteen + q6_k,
}

/** How rows of x are multiplied with rows of weight: the source behind the accessor of kernels that call `products`. */
export const productsOf = (layout: WeightLayout): string => own[layout] ?? eight
