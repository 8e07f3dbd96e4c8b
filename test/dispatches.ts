/** How many dispatches a decoded token takes: of each layer, and of all else, the sampler's included. */
import type { WeightPart } from '../shaders/kernel.ts'
import { forward } from '../src/decoder/forward.ts'
import { dispatchCount, type PartsOf } from '../src/decoder/op.ts'
import type { DecoderSpec } from '../src/families/spec.ts'
import type { Norms } from '../src/gpu/variants.ts'

export const PART: WeightPart = { layout: 'f32', width: 8, start: 0, rows: 8 }

/** @param partsOf every matrix in one part, unless given */
export function dispatchesOf(spec: DecoderSpec, partsOf: PartsOf = () => [PART], norms: Norms = 'folded') {
  const { embed, layers, head } = forward(spec, {
    rows: 'one',
    norms,
    cache: 'f16',
    arithmetic: 'auto',
    attention: 'fused',
  })
  const perLayer = new Set(layers.map((ops) => dispatchCount(ops, partsOf)))
  return { perLayer: [...perLayer], others: dispatchCount([...embed, ...head], partsOf) + 1 }
}
