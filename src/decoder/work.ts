/** What a dispatch reads and computes, told from what it is called: for measuring. */
import type { Step, WeightLayout } from '../../shaders/kernel.ts'
import { bytesOf } from '../../shaders/weights/formats.ts'
import type { DecoderSpec } from '../families/spec.ts'
import type { Timing } from '../gpu/timings.ts'
import type { Decoder } from './decoder.ts'
import type { Slot } from './op.ts'

export interface Work {
  readonly kernel: string
  /** Slot of the weight matrix that it reads, if it reads one, without its layer. */
  readonly weight: Slot | undefined
  readonly layout: WeightLayout | undefined
  /** Of weights, keys and values. What else is read is small beside these. */
  readonly bytes: number
  /** Multiplications and additions with them. */
  readonly flops: number
}

export function workOf(decoder: Decoder, { pipeline, group }: Omit<Timing, 'milliseconds'>, step: Step): Work {
  const [kernel, layout, constants] = JSON.parse(pipeline) as [string, WeightLayout | null, Record<string, number>]
  const [, ...bindings] = group.split(' ')
  const slots: Readonly<Record<string, Slot>> = Object.fromEntries(bindings.map((binding) => binding.split('=')))
  const [weightBytes, products] = layout === null ? [0, 0] : product(decoder.spec, kernel, layout, constants, step)
  const read = kernel === 'rope' ? [] : [slots['keys'], slots['values']].filter((slot) => slot !== undefined)
  const [cacheBytes, sums] = cached(decoder, read, step)
  return {
    kernel,
    weight: layout === null ? undefined : slots['weight']?.replace(/^layer\.\d+\./, ''),
    layout: layout ?? undefined,
    bytes: weightBytes + cacheBytes,
    flops: products + sums,
  }
}

/** Of a kernel that reads a part of a weight matrix. */
function product(
  { mlp }: DecoderSpec,
  kernel: string,
  layout: WeightLayout,
  { ROWS = 0, WEIGHT_WIDTH = 0 }: Readonly<Record<string, number>>,
  { rows, first }: Step,
): [bytes: number, flops: number] {
  const bytes = bytesOf(layout, ROWS, WEIGHT_WIDTH)
  const flops = 2 * ROWS * WEIGHT_WIDTH
  switch (kernel) {
    case 'embed': // a row a token
      return [(rows * bytes) / ROWS, 0]
    case 'logits':
      return [bytes, flops * (rows - first)]
    case 'experts': {
      const share = mlp.kind === 'experts' ? mlp.active / mlp.experts : 1
      return [bytes * Math.min(1, rows * share), flops * rows * share]
    }
    default:
      return [bytes, flops * rows]
  }
}

/** Of a kernel that reads keys or values of a layer, or both: `slots`. */
function cached(decoder: Decoder, slots: readonly Slot[], { rows, position }: Step): [bytes: number, flops: number] {
  const { attention, layers } = decoder.spec
  const layer = layers[Number(slots[0]?.split('.').at(-1))]
  if (!layer) return [0, 0]
  const most = layer.window ?? Number.POSITIVE_INFINITY
  const positions = Math.min(position + rows, most + rows - 1)
  let seen = 0
  for (let row = 0; row < rows; row++) seen += Math.min(position + row + 1, most)
  const flops = 2 * attention.heads * attention.headDim * seen
  return [slots.length * decoder.layerCacheBytes(positions), slots.length * flops]
}
