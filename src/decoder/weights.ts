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
   * @throws HeadlightError `unsupported` for a number type that is not known or differs from what shares its matrix,
   *   `too-large` for what this GPU cannot bind
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
    const { buffer, layout: to } = this.#target(request, entry)
    const { rows, columns, width } = inFile(request)
    const rowBytes = columns * bytesPerWeight[from]
    // Two columns of a 16-bit target share a word: a chunk of a transposed tensor must not end between them.
    const mostRows = Math.floor(STAGING_BYTES / rowBytes / 2) * 2
    if (mostRows === 0) {
      const message = `two rows of ${entry.name} take ${2 * rowBytes} bytes; at most ${STAGING_BYTES} fit`
      throw new HeadlightError('too-large', message, {
        what: entry.name,
        found: 2 * rowBytes,
        expected: STAGING_BYTES,
      })
    }

    const { device } = this.#gpu
    const { transposed } = request
    const order = request.order && this.#order(request.order, transposed ? columns : rows)
    const size = { from, to, transposed, ordered: order !== null, columns }
    const unread = this.#staging
    const tensors = { source: this.#staging, tensor: buffer, part: this.#part, order: order ?? unread }
    let plane = 0 // which matrix of those behind each other
    let firstRow = 0 // in it
    let filled = 0
    let idle: Promise<unknown> = Promise.resolve()
    const flush = async () => {
      const count = filled / rowBytes
      const target = (request.firstRow + plane * columns) * width
      await idle // at most one batch ahead of the GPU: the queue copies what is written to it
      device.queue.writeBuffer(this.#staging, 0, this.#bytes, 0, Math.ceil(filled / 4) * 4)
      device.queue.writeBuffer(this.#part, 0, packPart({ rows: count, columns, firstRow, width, target }))
      const plan = [await dispatch(this.#gpu, repack, { ...size, rows: count }, tensors)]
      const encoder = device.createCommandEncoder({ label: entry.name })
      const pass = encoder.beginComputePass()
      encode(pass, plan, { rows: count, position: 0, first: 0, padding: 0, table: 0 })
      pass.end()
      device.queue.submit([encoder.finish()])
      idle = device.queue.onSubmittedWorkDone()
      onBytes(filled)
      firstRow += count
      filled = 0
      if (firstRow < rows) return
      plane++
      firstRow = 0
    }
    for await (const chunk of chunks) {
      for (let taken = 0; taken < chunk.length; ) {
        const batchBytes = Math.min(mostRows, rows - firstRow) * rowBytes
        const part = chunk.subarray(taken, taken + batchBytes - filled)
        this.#bytes.set(part, filled)
        filled += part.length
        taken += part.length
        if (filled === batchBytes) await flush()
      }
    }
    order?.destroy()
  }

  /** Puts numbers that no file has on the GPU, as kernels read them (rows padded): positions, slopes. Once a slot. */
  write(slot: Slot, data: Float32Array<ArrayBuffer>): void {
    const buffer = this.#gpu.buffer(slot, data.byteLength)
    this.#gpu.device.queue.writeBuffer(buffer, 0, data)
    this.#resident.set(slot, { buffer, layout: 'f32' })
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
      const { width } = inFile(request)
      const numbers = group.reduce((sum, r) => sum + inFile(r).rowsOut, 0) * width
      resident = { buffer: this.#gpu.buffer(slot, padded(numbers) * bytesPerWeight[own]), layout: own }
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

  /** `order`, which is of one matrix, for `count` rows out: of all matrices behind each other. */
  #order(order: readonly number[], count: number): GPUBuffer {
    const n = order.length
    const data = Uint32Array.from({ length: count }, (_, row) => row - (row % n) + order[row % n]!)
    const buffer = this.#gpu.buffer('order', data.byteLength)
    this.#gpu.device.queue.writeBuffer(buffer, 0, data)
    return buffer
  }
}

/** The slot that a tensor fills, alone or together with others (q, k and v). */
export function slotOf({ target, layer }: TensorRequest): Slot {
  return layer === null ? target : `layer.${layer}.${target}`
}

interface InFile {
  /** Of one matrix; where they are not transposed, of all matrices behind each other, which are then one. */
  readonly rows: number
  readonly columns: number
  /** Rows on the GPU, of all matrices, and numbers from one to the next. */
  readonly rowsOut: number
  readonly width: number
}

/** A tensor of the file as `repack` takes it. Each number of a vector is a row: `order` is of rows throughout. */
function inFile({ kind, shape, transposed }: TensorRequest): InFile {
  const numbers = shape.reduce((product, size) => product * size, 1)
  if (kind === 'vector') return { rows: numbers, columns: 1, rowsOut: numbers, width: 1 }
  const [rows, columns] = shape.slice(-2) as [number, number]
  return transposed
    ? { rows, columns, rowsOut: numbers / rows, width: padded(rows) }
    : { rows: numbers / columns, columns, rowsOut: numbers / columns, width: padded(columns) }
}

/** Small tensors that kernels read as they are, in f32: norms, biases, learned positions. */
const isPlain = ({ kind, target }: TensorRequest): boolean => kind === 'vector' || target === 'positions'
