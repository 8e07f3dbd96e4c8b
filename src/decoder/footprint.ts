/** Bytes that a model will take on the GPU, before anything of it is there. */
import { padded } from '../../shaders/kernel.ts'
import { bytesOf } from '../../shaders/weights/formats.ts'
import type { TensorEntry } from '../checkpoint/safetensors.ts'
import type { DecoderSpec, TensorRequest } from '../families/spec.ts'
import type { CacheType } from './decoder.ts'
import type { Slot } from './op.ts'
import { layoutFor, type Placed, type Precision, partsOf, slotOf } from './parts.ts'

export interface Footprint {
  /** Bytes of weights. */
  readonly weights: number
  /** Bytes of keys, or of values, that one token takes in one layer. */
  readonly perToken: number
}

/**
 * @param entries headers of the weights by tensor name; one that is not read yet is taken to be like the others
 * @param mostBytes the most that one binding holds
 * @throws HeadlightError `too-large` where a matrix cannot be divided so that each part can be bound, `unsupported`
 */
export function footprint(
  { attention }: DecoderSpec,
  requests: readonly TensorRequest[],
  entries: ReadonlyMap<string, TensorEntry>,
  precision: Precision,
  cache: CacheType,
  mostBytes = Number.POSITIVE_INFINITY,
): Footprint {
  const [any] = entries.values()
  const slots = new Map<Slot, Placed[]>()
  for (const request of requests) {
    const known = request.names.map((name) => entries.get(name)).find((entry) => entry !== undefined)
    const entry = known ?? { name: request.names[0]!, type: any?.type ?? 'F32' }
    const slot = slotOf(request)
    slots.set(slot, [...(slots.get(slot) ?? []), { request, layout: layoutFor(request, entry, precision) }])
  }
  const parts = [...slots.values()].flatMap((group) => partsOf(group, mostBytes))
  return {
    weights: parts.reduce((sum, { layout, rows, width }) => sum + bytesOf(layout, rows, width), 0),
    perToken: attention.kvHeads * padded(attention.headDim) * (cache === 'f16' ? 2 : 4),
  }
}
