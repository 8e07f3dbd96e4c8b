/**
 * A model's weights on the GPU. Tensors arrive in the order of the file, piece by piece, through one bounded staging
 * buffer; a compute shader moves them into the layout, and the parts, that kernels read.
 */
import type { Step, WeightLayout } from '../../shaders/kernel.ts'
import { bytesOf, fileRowBytes, isBlockLayout } from '../../shaders/weights/formats.ts'
import type { TensorEntry } from '../checkpoint/safetensors.ts'
import { HeadlightError } from '../errors.ts'
import type { TensorRequest } from '../families/spec.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { encode } from '../gpu/plan.ts'
import { MOVE_BYTES, move, rowsTogether } from './move.ts'
import type { PartsOf, Resident, Slot } from './op.ts'
import {
  fileLayout,
  inFile,
  isPlain,
  layoutFor,
  orderOf,
  type Placed,
  type Precision,
  partsOf,
  slotOf,
} from './parts.ts'

/** Bytes in flight between file and GPU, whatever the size of a tensor. */
const STAGING_BYTES = 8 * 1024 * 1024

/** Moving depends on none. */
const NO_STEP: Step = { rows: 0, position: 0, first: 0, padding: 0, table: 0 }

type Entry = Pick<TensorEntry, 'name' | 'type'>

export class Weights {
  readonly #gpu: Gpu
  readonly #precision: Precision
  readonly #entryOf: (request: TensorRequest) => Entry | undefined
  /** The tensors that share a slot. */
  readonly #groups = new Map<Slot, readonly TensorRequest[]>()
  /** In the order of their rows. */
  readonly #resident = new Map<Slot, readonly Resident[]>()
  /** Tensors whose parts are there. */
  readonly #placed = new Set<TensorRequest>()
  readonly #staging: GPUBuffer
  /** What the shader that moves a batch is told. */
  readonly #told: GPUBuffer
  readonly #bytes = new Uint8Array(STAGING_BYTES)

  /**
   * @param requests every tensor that the model needs; they say what shares a matrix
   * @param entryOf what the headers read so far say of a tensor: it is joined with others only where all are known
   */
  constructor(
    gpu: Gpu,
    requests: readonly TensorRequest[],
    precision: Precision,
    entryOf: (request: TensorRequest) => Entry | undefined,
  ) {
    this.#gpu = gpu
    this.#precision = precision
    this.#entryOf = entryOf
    for (const request of requests)
      this.#groups.set(slotOf(request), [...(this.#groups.get(slotOf(request)) ?? []), request])
    this.#staging = gpu.buffer('staging', STAGING_BYTES)
    this.#told = gpu.buffer('told', MOVE_BYTES, GPUBufferUsage.UNIFORM)
  }

  /** Bytes of weights on the GPU so far. */
  get byteLength(): number {
    return [...this.#resident.values()].flat().reduce((sum, { buffer }) => sum + buffer.size, 0)
  }

  /** Of the matrices on the GPU so far. */
  get layouts(): readonly WeightLayout[] {
    const matrices = [...this.#groups].filter(([, [first]]) => !isPlain(first!))
    return [...new Set(matrices.flatMap(([slot]) => this.partsOf(slot).map(({ layout }) => layout)))]
  }

  /** Of a slot that no kernel reads in parts. */
  readonly bufferOf = (slot: Slot): GPUBuffer | undefined => this.#resident.get(slot)?.[0]?.buffer

  /** Of a matrix on the GPU. */
  readonly partsOf: PartsOf<Resident> = (slot) => this.#resident.get(slot) ?? []

  /**
   * The parts that a matrix will have, before it is there, so that pipelines can compile meanwhile. Where a header is not
   * read yet (a later shard), as if it was like the others; a wrong guess costs compiling time only.
   * @throws HeadlightError `unsupported`, `too-large`: what `add` would throw
   */
  readonly foretell: PartsOf = (slot) => {
    const group = this.#groups.get(slot)!
    const known = group.map((request) => this.#entryOf(request))
    const any = known.find((entry) => entry !== undefined) ?? this.#anyNumbers()
    const placed = group.map((request, i) => this.#placing(request, known[i] ?? any))
    return partsOf(placed, this.#gpu.partBytes)
  }

  /** An entry as most matrices may have; not of blocks, which do not suit every width. */
  #anyNumbers(): Entry {
    const matrices = [...this.#groups.values()].flat().filter((request) => !isPlain(request))
    const known = matrices.map((request) => this.#entryOf(request))
    return known.find((entry) => entry && !isBlockLayout(fileLayout(entry))) ?? { name: 'weights', type: 'F32' }
  }

  #placing(request: TensorRequest, entry: Entry): Placed {
    return { request, layout: layoutFor(request, entry, this.#precision) }
  }

  /**
   * Moves one tensor to the GPU.
   * @throws HeadlightError `unsupported` for a number type that is not known or cannot become what is asked for,
   *   `bad-weights` for rows that end within a block, `too-large` for what this GPU cannot bind
   */
  async add(
    request: TensorRequest,
    entry: TensorEntry,
    chunks: AsyncIterable<Uint8Array>,
    onBytes: (count: number) => void,
  ): Promise<void> {
    const from = fileLayout(entry)
    const { rows, columns } = inFile(request)
    const { transposed } = request
    const own = this.#placing(request, entry)
    const parts = this.#place(own, entry)
    const rowBytes = fileRowBytes(from, columns)
    const mostRows = rowsAtOnce(entry, rowBytes, transposed ? rowsTogether(own.layout) : 1)
    const { device } = this.#gpu
    const order = request.order && this.#order(request.order, transposed ? columns : rows)
    const buffers = { source: this.#staging, part: this.#told, order: order?.buffer ?? null }
    let plane = 0 // which matrix of those behind each other
    let firstRow = 0 // in it
    let filled = 0
    let idle: Promise<unknown> = Promise.resolve()
    const flush = async () => {
      const count = filled / rowBytes
      await idle // at most one batch ahead of the GPU: the queue copies what is written to it
      device.queue.writeBuffer(this.#staging, 0, this.#bytes, 0, Math.ceil(filled / 4) * 4)
      // Rows of the slot that the batch may fill.
      const [begin, end] = order
        ? [order.least, order.most + 1]
        : transposed
          ? [0, columns]
          : [firstRow, firstRow + count]
      const base = request.firstRow + plane * columns
      for (const part of parts) {
        if (part.start >= base + end || base + begin >= part.start + part.rows) continue
        const { told, dispatch } = move(this.#gpu, request, { plane, firstRow, rows: count }, from, part, buffers)
        device.queue.writeBuffer(this.#told, 0, told)
        const encoder = device.createCommandEncoder({ label: entry.name })
        const pass = encoder.beginComputePass()
        encode(pass, [await dispatch], NO_STEP)
        pass.end()
        device.queue.submit([encoder.finish()])
      }
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
    order?.buffer.destroy()
  }

  /** Puts numbers that no file has on the GPU, as kernels read them (rows padded): positions, slopes. Once a slot. */
  write(slot: Slot, data: Float32Array<ArrayBuffer>): void {
    const buffer = this.#gpu.buffer(slot, data.byteLength)
    this.#gpu.device.queue.writeBuffer(buffer, 0, data)
    this.#resident.set(slot, [{ layout: 'f32', width: 1, start: 0, rows: data.length, buffer }])
  }

  /** Gives back what only loading needed. */
  finish(): void {
    this.#staging.destroy()
    this.#told.destroy()
  }

  destroy(): void {
    this.finish()
    for (const { buffer } of [...this.#resident.values()].flat()) buffer.destroy()
    this.#resident.clear()
  }

  /** The parts that a tensor goes to, made when the first of those that share its slot arrives. */
  #place(own: Placed, entry: Entry): readonly Resident[] {
    const { request } = own
    const slot = slotOf(request)
    if (!this.#placed.has(request)) {
      const others = this.#groups.get(slot)!.filter((other) => other !== request && !this.#placed.has(other))
      const placed = [own]
      for (const other of others) {
        // What becomes of a vector, or of a matrix asked for in one precision, is known before its type is.
        const alike = isPlain(request) || this.#precision !== 'auto' ? entry : undefined
        const known = this.#entryOf(other) ?? alike
        if (known) placed.push(this.#placing(other, known))
      }
      const made = partsOf(placed, this.#gpu.partBytes).map((part) => {
        const bytes = bytesOf(part.layout, part.rows, part.width)
        const buffer = this.#gpu.buffer(slot, Math.ceil(bytes / 32) * 32) // vectors are read as vec4s, too
        return { ...part, buffer }
      })
      const all = [...(this.#resident.get(slot) ?? []), ...made].sort((a, b) => a.start - b.start)
      this.#resident.set(slot, all)
      for (const each of placed) this.#placed.add(each.request)
    }
    return this.partsOf(slot).filter(({ layout }) => layout === own.layout)
  }

  /** Rows of a slot by the rows of a tensor, counted from `firstRow`. */
  #order(order: readonly number[], count: number) {
    const rows = orderOf(order, count)
    const buffer = this.#gpu.buffer('order', rows.byteLength)
    this.#gpu.device.queue.writeBuffer(buffer, 0, rows)
    return { buffer, least: rows.reduce((a, b) => Math.min(a, b)), most: rows.reduce((a, b) => Math.max(a, b)) }
  }
}

/** Rows of a tensor, in multiples of `unit`, that fit in the staging buffer. */
function rowsAtOnce({ name }: Entry, rowBytes: number, unit: number): number {
  const rows = Math.floor(STAGING_BYTES / rowBytes / unit) * unit
  if (rows > 0) return rows
  const message = `${unit} rows of ${name} take ${unit * rowBytes} bytes; at most ${STAGING_BYTES} fit`
  throw new HeadlightError('too-large', message, { what: name, found: unit * rowBytes, expected: STAGING_BYTES })
}
