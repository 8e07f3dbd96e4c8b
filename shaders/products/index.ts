import type { Arithmetic, Lanes, WeightLayout } from '../kernel.ts'
import { ownsRows } from '../products.ts'
import eight from './eight.wgsl?raw'
import eightSwaps from './eight-swaps.wgsl?raw'
import iq4_nl from './iq4_nl.wgsl?raw'
import own from './own.wgsl?raw'
import q4_0 from './q4_0.wgsl?raw'
import q4_k from './q4_k.wgsl?raw'
import q6_k from './q6_k.wgsl?raw'
import q8_0 from './q8_0.wgsl?raw'
import shared from './shared.wgsl?raw'
import sixteen from './sixteen.wgsl?raw'
import sixteenInt8 from './sixteen-int8.wgsl?raw'
import sixteenInt8Swaps from './sixteen-int8-swaps.wgsl?raw'
import sixteenSwaps from './sixteen-swaps.wgsl?raw'

/** Layouts that are read in larger pieces than eight numbers, so that no bits and no scales are read twice. */
const pieces: Readonly<Partial<Record<WeightLayout, string>>> = { q8_0, q4_0, iq4_nl, q4_k, q6_k }

/** How rows of x are multiplied with rows of weight: the source behind the accessor of kernels that call `products`. */
export function productsOf(layout: WeightLayout, lanes: Lanes, arithmetic: Arithmetic): string {
  const { numbers, swaps } = piecesOf(layout, arithmetic)
  return numbers + (ownsRows(lanes) ? own + swaps : shared)
}

function piecesOf(layout: WeightLayout, arithmetic: Arithmetic) {
  const piece = pieces[layout]
  if (piece === undefined) return { numbers: eight, swaps: eightSwaps }
  if (arithmetic === 'int8') return { numbers: sixteenInt8 + piece, swaps: sixteenInt8Swaps }
  return { numbers: sixteen + piece, swaps: sixteenSwaps }
}
