/** A model's weights on the GPU: the memory that they take, in the parts that kernels read. `Staging` fills it. */
import type { WeightLayout } from '../../shaders/kernel.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { news, workDone } from '../gpu/news.ts'
import type { PartsOf, Resident, Slot } from './op.ts'
import { bufferBytes, isPlain, type Plan, type Precision, planOf, slotOf, type Tensor } from './parts.ts'

/** Some of the bytes of all parts, one behind the other: begin … end − 1. */
interface Piece {
  readonly index: number
  readonly begin: number
  readonly end: number
}

export class Weights {
  readonly #gpu: Gpu
  /** The parts that tensors fill. Others are computed. */
  readonly plan: Plan
  /** Slots of matrices. */
  readonly #matrices: ReadonlySet<Slot>
  /** In the order of their rows. */
  readonly #resident = new Map<Slot, readonly Resident[]>()

  /**
   * Takes the memory for all of them.
   * @param tensors every tensor that the model needs
   * @throws HeadlightError `unsupported`, `bad-weights`, `too-large`: see `planOf`
   */
  constructor(gpu: Gpu, tensors: readonly Tensor[], precision: Precision) {
    this.#gpu = gpu
    this.#matrices = new Set(tensors.filter(({ request }) => !isPlain(request)).map(({ request }) => slotOf(request)))
    this.plan = planOf(tensors, precision, gpu.partBytes)
    try {
      for (const [slot, parts] of this.plan) {
        const resident: Resident[] = []
        this.#resident.set(slot, resident)
        for (const part of parts) {
          resident.push({ ...part, buffer: gpu.buffer(slot, bufferBytes(part)) })
        }
      }
    } catch (error) {
      this.destroy()
      throw error
    }
  }

  /** Bytes of weights on the GPU. */
  get byteLength(): number {
    return [...this.#resident.values()].flat().reduce((sum, { buffer }) => sum + buffer.size, 0)
  }

  /** Of the matrices. */
  get layouts(): readonly WeightLayout[] {
    return [...new Set([...this.#matrices].flatMap((slot) => this.partsOf(slot).map(({ layout }) => layout)))]
  }

  /** Of a slot that no kernel reads in parts. */
  readonly bufferOf = (slot: Slot): GPUBuffer | undefined => this.#resident.get(slot)?.[0]?.buffer

  /** Of a matrix. */
  readonly partsOf: PartsOf<Resident> = (slot) => this.#resident.get(slot) ?? []

  /** Puts numbers that no file has on the GPU, as kernels read them (rows padded): positions, slopes. Once a slot. */
  write(slot: Slot, data: Float32Array<ArrayBuffer>): void {
    const buffer = this.#gpu.buffer(slot, data.byteLength)
    this.#gpu.device.queue.writeBuffer(buffer, 0, data)
    this.#resident.set(slot, [{ layout: 'f32', width: 1, start: 0, rows: data.length, buffer }])
  }

  /** Of what tensors fill, less what is computed. */
  get packedBytes(): number {
    return this.#packed.reduce((sum, { size }) => sum + size, 0)
  }

  /** All bytes of what tensors fill, `most` at a time. */
  *pieces(most: number): Generator<Piece, void, void> {
    const { packedBytes } = this
    for (let index = 0, begin = 0; begin < packedBytes; index++, begin += most) {
      yield { index, begin, end: Math.min(begin + most, packedBytes) }
    }
  }

  /** Copies a piece into a buffer of MAP_READ, and maps it. */
  async read(piece: Piece, into: GPUBuffer): Promise<void> {
    const { device } = this.#gpu
    const encoder = device.createCommandEncoder({ label: 'read weights' })
    for (const { buffer, offset, at, size } of this.#runs(piece)) {
      encoder.copyBufferToBuffer(buffer, offset, into, at, size)
    }
    device.queue.submit([encoder.finish()])
    await news(device, () => into.mapAsync(GPUMapMode.READ))
  }

  /** The opposite. Resolves when the GPU has it. */
  async fill(piece: Piece, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { queue } = this.#gpu.device
    for (const { buffer, offset, at, size } of this.#runs(piece)) queue.writeBuffer(buffer, offset, bytes, at, size)
    await workDone(this.#gpu.device)
  }

  get #packed(): GPUBuffer[] {
    return [...this.plan.keys()].flatMap((slot) => this.partsOf(slot).map(({ buffer }) => buffer))
  }

  /** Where in its part (`offset`), and where in the piece (`at`), each run of a piece lies. */
  *#runs({ begin, end }: Piece) {
    let start = 0
    for (const buffer of this.#packed) {
      const [from, to] = [Math.max(begin, start), Math.min(end, start + buffer.size)]
      if (from < to) yield { buffer, offset: from - start, at: from - begin, size: to - from }
      start += buffer.size
    }
  }

  destroy(): void {
    for (const { buffer } of [...this.#resident.values()].flat()) buffer.destroy()
    this.#resident.clear()
  }
}
