/** What probes of a pass write to, and what is read there. */
import type { Step } from '../../shaders/kernel.ts'
import { padded } from '../../shaders/kernel.ts'
import { statsWords } from '../../shaders/token-stats.ts'
import { type Listed, readPairs } from '../../shaders/top.ts'
import { changeBuffers, type Factors } from '../decoder/changes.ts'
import type { Decoder } from '../decoder/decoder.ts'
import type { Slot } from '../decoder/op.ts'
import { cellsSlot, lensSlot, normsSlot, type Probes, weightsSlot } from '../decoder/probes.ts'
import type { Candidate, Seen } from '../engine/types.ts'
import type { Request } from './request.ts'

/** What came back, of rows from `step.first` on. */
export type SeenRow = Pick<Seen, 'attentions' | 'lens' | 'norms'>

interface Region {
  readonly slot: Slot
  readonly byteLength: number
}

export interface TapsOptions {
  readonly request: Request
  readonly factors: Factors
  /** Rows of a step that are looked at, at most. */
  readonly rows: number
  /** Keys that they may have. */
  readonly positions: number
  readonly spell: (listed: readonly Listed[]) => readonly Candidate[]
}

export class Taps {
  readonly buffers: ReadonlyMap<Slot, GPUBuffer>
  readonly #probes: Probes
  readonly #layers: number
  readonly #heads: readonly number[]
  readonly #spell: TapsOptions['spell']

  constructor(decoder: Decoder, { request, factors, rows, positions, spell }: TapsOptions) {
    const { gpu, spec } = decoder
    const { heads, headDim } = spec.attention
    const { probes } = request
    this.#probes = probes
    this.#layers = spec.layers.length
    this.#heads = request.heads
    this.#spell = spell
    const buffers = changeBuffers(decoder, probes, factors)
    const take = (slot: Slot, words: number, usage?: number) => buffers.set(slot, gpu.buffer(slot, words * 4, usage))
    const fill = (slot: Slot, data: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>) => {
      take(slot, data.length)
      gpu.device.queue.writeBuffer(buffers.get(slot)!, 0, data)
    }
    for (const layer of probes.attentions) take(weightsSlot(layer), rows * request.heads.length * positions)
    if (probes.attentions.length > 0) fill('seen.chosen', Uint32Array.from(request.heads))
    for (const layer of probes.maps) take(cellsSlot(layer), heads * probes.mapSize ** 2)
    if (probes.maps.length > 0) {
      fill(
        'seen.heads',
        Uint32Array.from({ length: heads }, (_, head) => head),
      )
      take('seen.weights', rows * heads * positions)
      take('seen.area', 4, GPUBufferUsage.UNIFORM)
    }
    for (const layer of probes.lens) take(lensSlot(layer), rows * statsWords(probes.lensTop))
    take('seen.next', rows)
    if (probes.norms) for (const layer of spec.layers.keys()) take(normsSlot(layer), rows * 4)
    if (probes.queries !== undefined) take('seen.query', decoder.chunks.most * heads * padded(headDim))
    this.buffers = buffers
  }

  /** What a step leaves to be read, one behind the other. */
  #regions({ rows, first, position }: Step): Region[] {
    const { attentions, lens, lensTop, norms } = this.#probes
    const count = rows - first
    const weights = count * this.#heads.length * (position + rows) * 4
    const layers = Array.from({ length: norms ? this.#layers : 0 }, (_, layer) => layer)
    return [
      ...attentions.map((layer) => ({ slot: weightsSlot(layer), byteLength: weights })),
      ...lens.map((layer) => ({ slot: lensSlot(layer), byteLength: count * statsWords(lensTop) * 4 })),
      ...layers.map((layer) => ({ slot: normsSlot(layer), byteLength: count * 16 })),
    ]
  }

  /** How many bytes that is. */
  bytesOf(step: Step): number {
    return this.#regions(step).reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  /** Encodes the way to a buffer that is read. */
  copy(encoder: GPUCommandEncoder, step: Step, staging: GPUBuffer): void {
    let offset = 0
    for (const { slot, byteLength } of this.#regions(step)) {
      encoder.copyBufferToBuffer(this.buffers.get(slot)!, 0, staging, offset, byteLength)
      offset += byteLength
    }
  }

  /** What `bytes` say of a row, from `step.first` on. */
  unpack(bytes: ArrayBuffer, { rows, first, position }: Step, row: number): SeenRow {
    const { attentions, lens, lensTop, norms } = this.#probes
    const nth = row - first
    const count = rows - first
    const keys = position + rows
    let offset = 0
    const region = (byteLength: number) => {
      offset += count * byteLength
      return offset - (count - nth) * byteLength
    }
    const weights = attentions.map((layer) => {
      const all = new Float32Array(bytes, region(this.#heads.length * keys * 4), this.#heads.length * keys)
      const own = new Float32Array(this.#heads.length * (position + row + 1))
      for (const index of this.#heads.keys()) {
        own.set(all.subarray(index * keys, index * keys + position + row + 1), index * (position + row + 1))
      }
      return { layer, heads: this.#heads, weights: own }
    })
    const guesses = lens.map((layer) => {
      const at = region(statsWords(lensTop) * 4)
      return { layer, top: this.#spell(readPairs(bytes, at + 16, lensTop)) }
    })
    const magnitudes = norms
      ? Array.from({ length: this.#layers }, (_, layer) => {
          const [residual, attention, mlp] = new Float32Array(bytes, region(16), 4) as unknown as [
            number,
            number,
            number,
          ]
          return { layer, residual, attention, mlp }
        })
      : []
    return {
      ...(weights.length > 0 && { attentions: weights }),
      ...(guesses.length > 0 && { lens: guesses }),
      ...(norms && { norms: magnitudes }),
    }
  }

  destroy(): void {
    for (const buffer of this.buffers.values()) buffer.destroy()
  }
}
