/** What is changed in a model while it runs: factors on what heads and sublayers give. */
import { padded } from '../../shaders/kernel.ts'
import type { Decoder } from './decoder.ts'
import type { Slot } from './op.ts'
import { addsApart, factorsSlot, type Probes } from './probes.ts'

/** By layer: [heads + 2], those of its heads, of attention and of the MLP. */
export type Factors = ReadonlyMap<number, Float32Array<ArrayBuffer>>

export interface Changes {
  readonly factors: Factors
  /** Layers that have factors of heads, and of sublayers. */
  readonly probes: Pick<Probes, 'heads' | 'sublayers'>
  /** The same for models that compute the same; empty: as it is. */
  readonly key: string
}

/** What `probes` that change, or show what is added, read and write; factors that are not given are 1. */
export function changeBuffers({ gpu, spec, chunks }: Decoder, probes: Probes, factors: Factors): Map<Slot, GPUBuffer> {
  const buffers = new Map<Slot, GPUBuffer>()
  const apart = [...spec.layers.keys()].filter((layer) => addsApart(probes, layer))
  for (const layer of new Set([...apart, ...probes.heads])) {
    const data = factors.get(layer) ?? new Float32Array(spec.attention.heads + 2).fill(1)
    const buffer = gpu.buffer(factorsSlot(layer), data.byteLength)
    gpu.device.queue.writeBuffer(buffer, 0, data)
    buffers.set(factorsSlot(layer), buffer)
  }
  if (apart.length === 0) return buffers
  for (const slot of ['added.attention', 'added.mlp']) {
    buffers.set(slot, gpu.buffer(slot, chunks.most * padded(spec.width) * 4))
  }
  return buffers
}
