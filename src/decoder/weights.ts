/**
 * A model's weights on the GPU. Tensors arrive in the order of the file, piece by piece, through one
 * bounded staging buffer; a compute shader (`repack`) moves them into the layout that kernels read.
 */
import { padded, type WeightLayout } from '../../shaders/kernel.ts'
import { PART_BYTES, packPart, repack } from '../../shaders/repack.ts'
import { bytesPerWeight } from '../../shaders/weights/index.ts'
import type { TensorEntry } from '../checkpoint/safetensors.ts'
import { HeadlightError } from '../errors.ts'
import type { TensorRequest } from '../families/spec.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { dispatch, encode } from '../gpu/plan.ts'
import type { Slot } from './op.ts'

/** Bytes in flight between file and GPU, whatever the size of a tensor. */
const STAGING_BYTES = 8 * 1024 * 1024

const FILE_TYPES: Readonly<Record<string, WeightLayout>> = { F32: 'f32', F16: 'f16', BF16: 'bf16' }

/** What `weights: 'auto'` keeps, or one precision for every matrix. */
export type Precision = 'auto' | 'f32' | 'f16'

interface Resident {
  readonly buffer: GPUBuffer
  readonly layout: WeightLayout
}

export class Weights {
  readonly #gpu: Gpu
  readonly #precision: Precision
  /** The tensors that share a slot. */
  readonly #groups = new Map<Slot, readonly TensorRequest[]>()
  readonly #resident = new Map<Slot, Resident>()
  readonly #staging: GPUBuffer
  readonly #part: GPUBuffer
  readonly #bytes = new Uint8Array(STAGING_BYTES)

  /** @param requests every tensor that the model needs; they say what shares a matrix */
  constructor(gpu: Gpu, requests: readonly TensorRequest[], precision: Precision) {
    this.#gpu = gpu
    this.#precision = precision
    for (const request of requests)
      this.#groups.set(slotOf(request), [...(this.#groups.get(slotOf(request)) ?? []), request])
    this.#staging = gpu.buffer('staging', STAGING_BYTES)
    this.#part = gpu.buffer('part', PART_BYTES, GPUBufferUsage.UNIFORM)
  }

  /** Bytes of weights on the GPU so far. */
  get byteLength(): number {
    return [...this.#resident.values()].reduce((sum, { buffer }) => sum + buffer.size, 0)
  }

  get layouts(): readonly WeightLayout[] {
    const matrices = [...this.#groups].filter(([, [first]]) => !isPlain(first!))
    return [...new Set(matrices.map(([slot]) => this.layoutOf(slot)))]
  }

  readonly bufferOf = (slot: Slot): GPUBuffer | undefined => this.#resident.get(slot)?.buffer

  readonly layoutOf = (slot: Slot): WeightLayout => this.#resident.get(slot)!.layout

  /** The layout that a matrix of this number type in the file gets. */
  static layoutFor(type: string, precision: Precision): WeightLayout | undefined {
    const layout = FILE_TYPES[type]
    return layout && precision !== 'auto' ? precision : layout
  }

  /**
   * Moves one tensor to the GPU.
   * @throws HeadlightError `unsupported` for a number type, `bad-weights` for a shape, that does not fit
   */
  async add(
    request: TensorRequest,
    entry: TensorEntry,
    chunks: AsyncIterable<Uint8Array>,
    onBytes: (count: number) => void,
  ): Promise<void> {
    const from = FILE_TYPES[entry.type]
    if (!from) {
      const known = Object.keys(FILE_TYPES).join(', ')
      throw new HeadlightError('unsupported', `${entry.name} is stored as ${entry.type}; Headlight reads ${known}`, {
        what: entry.name,
        found: entry.type,
        expected: known,
      })
    }
    const resident = this.#target(request, entry)
    const [rows, columns] = request.kind === 'vector' ? [1, request.shape[0]!] : (request.shape as [number, number])
    const size = { from, to: resident.layout, transposed: request.transposed, rows, columns }
    const rowBytes = columns * bytesPerWeight[from]
    // Two columns of a 16-bit target share a word: a chunk of a transposed tensor must not end between them.
    const batchRows = Math.min(rows, Math.floor(STAGING_BYTES / rowBytes / 2) * 2 || 1)
    if (rowBytes > STAGING_BYTES)
      throw new HeadlightError(
        'too-large',
        `a row of ${entry.name} takes ${rowBytes} bytes; at most ${STAGING_BYTES} fit`,
        { what: entry.name, found: rowBytes, expected: STAGING_BYTES },
      )

    const width = this.#width(request)
    const target = request.kind === 'vector' ? request.firstRow : request.firstRow * width
    let firstRow = 0
    let filled = 0
    let idle: Promise<unknown> = Promise.resolve()
    const flush = async () => {
      const count = filled / rowBytes
      const { queue } = this.#gpu.device
      await idle // at most one batch ahead of the GPU: the queue copies what is written to it
      queue.writeBuffer(this.#staging, 0, this.#bytes, 0, Math.ceil(filled / 4) * 4)
      queue.writeBuffer(this.#part, 0, packPart({ rows: count, columns, firstRow, width, target }))
      const plan = [
        await dispatch(
          this.#gpu,
          repack,
          { ...size, rows: count },
          { source: this.#staging, tensor: resident.buffer, part: this.#part },
        ),
      ]
      const encoder = this.#gpu.device.createCommandEncoder({ label: entry.name })
      const pass = encoder.beginComputePass()
      encode(pass, plan, { rows: count, position: 0, first: 0, padding: 0 })
      pass.end()
      queue.submit([encoder.finish()])
      idle = queue.onSubmittedWorkDone()
      onBytes(filled)
      firstRow += count
      filled = 0
    }
    for await (const chunk of chunks) {
      for (let taken = 0; taken < chunk.length; ) {
        const part = chunk.subarray(taken, taken + batchRows * rowBytes - filled)
        this.#bytes.set(part, filled)
        filled += part.length
        taken += part.length
        if (filled === batchRows * rowBytes) await flush()
      }
    }
    if (filled > 0) await flush()
  }

  /** Gives back what only loading needed. */
  finish(): void {
    this.#staging.destroy()
    this.#part.destroy()
  }

  destroy(): void {
    this.finish()
    for (const { buffer } of this.#resident.values()) buffer.destroy()
    this.#resident.clear()
  }

  /** The buffer that a tensor goes to, made when the first of those that share it arrives. */
  #target(request: TensorRequest, entry: TensorEntry): Resident {
    const slot = slotOf(request)
    const own = isPlain(request) ? 'f32' : Weights.layoutFor(entry.type, this.#precision)!
    let resident = this.#resident.get(slot)
    if (!resident) {
      const group = this.#groups.get(slot)!
      const numbers =
        request.kind === 'vector'
          ? group.reduce((sum, r) => sum + r.shape[0]!, 0)
          : group.reduce((sum, r) => sum + outRows(r), 0) * this.#width(request)
      resident = {
        buffer: this.#gpu.buffer(slot, (request.kind === 'vector' ? padded(numbers) : numbers) * bytesPerWeight[own]),
        layout: own,
      }
      this.#resident.set(slot, resident)
    } else if (resident.layout !== own) {
      throw new HeadlightError(
        'unsupported',
        `${entry.name} is ${entry.type}, but what it is joined with is ${resident.layout}: load with weights: 'f32'`,
        { what: entry.name, found: entry.type, expected: resident.layout },
      )
    }
    return resident
  }

  /** Numbers from row to row on the GPU. */
  #width(request: TensorRequest): number {
    return padded(
      request.kind === 'vector' ? request.shape[0]! : request.transposed ? request.shape[0]! : request.shape[1]!,
    )
  }
}

/** The slot that a tensor fills, alone or together with others (q, k and v). */
export function slotOf({ target, layer }: TensorRequest): Slot {
  return layer === null ? target : `layer.${layer}.${target}`
}

const outRows = ({ shape, transposed }: TensorRequest): number => (transposed ? shape[1]! : shape[0]!)

/** Small tensors that kernels read as they are, in f32: norms, biases, learned positions. */
const isPlain = ({ kind, target }: TensorRequest): boolean => kind === 'vector' || target === 'positions'
