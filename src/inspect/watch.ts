/** A pass over the token that is written, with probes in it; what they show comes back through a ring, as the token does. */
import type { Step } from '../../shaders/kernel.ts'
import type { Changes } from '../decoder/changes.ts'
import { type Decoder, type Forms, formsOf } from '../decoder/decoder.ts'
import type { Slot } from '../decoder/op.ts'
import { factorsSlot } from '../decoder/probes.ts'
import { Ring } from '../gpu/ring.ts'
import type { Request } from './request.ts'
import { type SeenRow, Taps, type TapsOptions } from './taps.ts'

export interface WatchOptions {
  readonly request: Request
  readonly changes: Changes
  readonly spell: TapsOptions['spell']
  /** Tokens that may be on their way at a time. */
  readonly depth: number
}

export class Watch {
  readonly forms: Forms
  readonly #decoder: Decoder
  readonly #options: WatchOptions
  #changes: Changes
  #taps: Taps | undefined
  #ring: Ring | undefined
  /** Of tokens on their way. */
  readonly #steps = new Map<number, Step>()

  constructor(decoder: Decoder, options: WatchOptions) {
    const { request, changes } = options
    this.#decoder = decoder
    this.#options = options
    this.#changes = changes
    const { gpu, spec, forms } = decoder
    this.forms = formsOf(gpu, spec, { ...forms, attention: 'fused' }, { ...request.probes, ...changes.probes })
  }

  /** Other factors of the same heads and layers. */
  change(changes: Changes): void {
    this.#changes = changes
    for (const [layer, factors] of changes.factors) {
      const buffer = this.#taps?.buffers.get(factorsSlot(layer))
      if (buffer) this.#decoder.gpu.device.queue.writeBuffer(buffer, 0, factors)
    }
  }

  /** Nothing may be on its way. */
  buffersFor(positions: number): ReadonlyMap<Slot, GPUBuffer> {
    this.#free()
    const { request, spell, depth } = this.#options
    const probes = { ...request.probes, ...this.#changes.probes }
    const { factors } = this.#changes
    this.#taps = new Taps(this.#decoder, { request: { ...request, probes }, factors, rows: 1, positions, spell })
    const most = this.#taps.bytesOf({ rows: 1, position: positions - 1, first: 0, padding: 0, table: 0 })
    if (most > 0) this.#ring = new Ring(this.#decoder.gpu.device, depth, most)
    return this.#taps.buffers
  }

  collect(encoder: GPUCommandEncoder, n: number, position: number): void {
    if (!this.#ring) return
    // Of a run of many rows it is the last that is looked at: as if there were no other.
    const step = { rows: 1, position, first: 0, padding: 0, table: 0 }
    this.#steps.set(n, step)
    this.#taps!.copy(encoder, step, this.#ring.staging(n))
  }

  expect(n: number): void {
    const step = this.#steps.get(n)
    if (step) this.#ring!.expect(n, this.#taps!.bytesOf(step))
  }

  async read(n: number): Promise<SeenRow> {
    const step = this.#steps.get(n)
    if (!step) return {}
    this.#steps.delete(n)
    const taps = this.#taps!
    return this.#ring!.read(n, taps.bytesOf(step), (bytes) => taps.unpack(bytes, step, 0))
  }

  async settle(): Promise<void> {
    await this.#ring?.settle()
    this.#steps.clear()
  }

  #free(): void {
    this.#taps?.destroy()
    this.#ring?.destroy()
    this.#taps = undefined
    this.#ring = undefined
  }

  destroy(): void {
    this.#free()
  }
}
