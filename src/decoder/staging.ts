/**
 * The way to the GPU: tensors arrive in the order of the file, piece by piece, through one bounded buffer; a compute
 * shader moves them into the layout, and the parts, that kernels read.
 */
import type { Step } from '../../shaders/kernel.ts'
import { fileRowBytes, scalePlane } from '../../shaders/weights/formats.ts'
import { HeadlightError } from '../errors.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { workDone } from '../gpu/news.ts'
import { encode } from '../gpu/plan.ts'
import { copied, isCopied } from './copy.ts'
import { MOVE_BYTES, type Move, move, moveScales, rowsTogether } from './move.ts'
import type { Resident } from './op.ts'
import { fileLayout, inFile, layoutFor, orderOf, type Precision, slotOf, type Tensor } from './parts.ts'
import { type Scales, spread } from './scales.ts'
import type { Weights } from './weights.ts'

/** Bytes in flight between file and GPU, whatever the size of a tensor. */
const STAGING_BYTES = 8 * 1024 * 1024

/** Moving depends on none. */
const NO_STEP: Step = { rows: 0, position: 0, first: 0, padding: 0, table: 0 }

type OnBytes = (count: number) => void

export class Staging {
  readonly #gpu: Gpu
  readonly #weights: Weights
  readonly #precision: Precision
  readonly #buffer: GPUBuffer
  /** What the shader that moves a batch is told. */
  readonly #told: GPUBuffer
  readonly #bytes = new Uint8Array(STAGING_BYTES)
  /** Resolves when the GPU has done what it was given. */
  #idle: Promise<unknown> = Promise.resolve()

  /** @param precision that of `weights` */
  constructor(gpu: Gpu, weights: Weights, precision: Precision) {
    this.#gpu = gpu
    this.#weights = weights
    this.#precision = precision
    this.#buffer = gpu.buffer('staging', STAGING_BYTES)
    this.#told = gpu.buffer('told', MOVE_BYTES, GPUBufferUsage.UNIFORM)
  }

  /**
   * Moves a tensor's numbers.
   * @param field of blocks that come apart: which one `chunks` are of
   * @throws HeadlightError `too-large` for rows that do not fit in the staging buffer
   */
  async add(tensor: Tensor, chunks: AsyncIterable<Uint8Array>, onBytes: OnBytes, field?: number): Promise<void> {
    const { request, entry } = tensor
    const { transposed } = request
    const from = fileLayout(entry)
    const to = layoutFor(tensor, this.#precision)
    const parts = this.#weights.partsOf(slotOf(request)).filter(({ layout }) => layout === to)
    const { rows, columns } = inFile(request)
    const rowBytes = fileRowBytes(from, columns, field)
    const mostRows = rowsAtOnce(entry.name, rowBytes, transposed ? rowsTogether(to) : 1)
    const order = this.#order(tensor, transposed ? columns : rows)
    const buffers = { source: this.#buffer, part: this.#told, order: order?.buffer ?? null }
    let plane = 0 // which matrix of those behind each other
    let firstRow = 0 // in it
    let filled = 0
    const flush = async () => {
      const count = filled / rowBytes
      // Rows of the slot that the batch may fill.
      const [begin, end] = order
        ? [order.least, order.most + 1]
        : transposed
          ? [0, columns]
          : [firstRow, firstRow + count]
      const base = request.firstRow + plane * columns
      const here = parts.filter(({ start, rows }) => start < base + end && base + begin < start + rows)
      const batch = { plane, firstRow, rows: count, field }
      // Of a tensor, at most one batch ahead of the GPU: the queue copies what is written to it.
      if (plane > 0 || firstRow > 0) await this.#idle
      if (isCopied(request, from, to)) {
        this.#copy(copied(request, from, this.#bytes.subarray(0, filled)), base + firstRow, count, here)
      } else {
        await this.#run(
          entry.name,
          filled,
          here.map((part) => move(this.#gpu, request, batch, from, part, buffers)),
        )
      }
      onBytes(filled)
      firstRow += count
      filled = 0
      if (firstRow < rows) return
      plane++
      firstRow = 0
    }
    try {
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
    } finally {
      order?.buffer.destroy()
    }
  }

  /** Moves a tensor's scales. They are few enough to be held whole. */
  async addScales(tensor: Tensor, scales: Scales, chunks: AsyncIterable<Uint8Array>, onBytes: OnBytes): Promise<void> {
    const { request } = tensor
    const [Bits, bytes] = scales.type === 'f32' ? ([Uint32Array, 4] as const) : ([Uint16Array, 2] as const)
    const held = new Uint8Array(scales.count * bytes)
    let filled = 0
    for await (const chunk of chunks) {
      held.set(chunk, filled)
      filled += chunk.length
    }
    const { rows, inWidth, width } = inFile(request)
    const { perRow } = scalePlane({ width, rows })
    const parts = this.#weights.partsOf(slotOf(request)).filter(({ layout }) => layout === scales.layout)
    const order = this.#order(tensor, rows)
    const buffers = { source: this.#buffer, part: this.#told, order: order?.buffer ?? null }
    const mostRows = rowsAtOnce(scales.name, perRow * bytes, 1)
    for (let firstRow = 0; firstRow < rows; firstRow += mostRows) {
      const batch = { plane: 0, firstRow, rows: Math.min(mostRows, rows - firstRow) }
      spread(new Bits(held.buffer), scales, inWidth, { ...batch, perRow }, new Bits(this.#bytes.buffer))
      const moves = parts.map((part) => moveScales(this.#gpu, request, batch, scales.type, part, buffers))
      await this.#run(scales.name, batch.rows * perRow * bytes, moves)
    }
    onBytes(filled)
    order?.buffer.destroy()
  }

  destroy(): void {
    this.#buffer.destroy()
    this.#told.destroy()
  }

  /** Runs `moves` on the first bytes. */
  async #run(label: string, byteLength: number, moves: readonly Move[]): Promise<void> {
    const { device } = this.#gpu
    device.queue.writeBuffer(this.#buffer, 0, this.#bytes, 0, Math.ceil(byteLength / 4) * 4)
    for (const { told, dispatch } of moves) {
      device.queue.writeBuffer(this.#told, 0, told)
      const encoder = device.createCommandEncoder({ label })
      const pass = encoder.beginComputePass()
      encode(pass, [await dispatch], NO_STEP)
      pass.end()
      device.queue.submit([encoder.finish()])
    }
    this.#idle = workDone(device)
  }

  /** Copies rows first … first + count − 1 of a slot to the parts that they lie in. */
  #copy(bytes: Uint8Array<ArrayBuffer>, first: number, count: number, parts: readonly Resident[]): void {
    const { queue } = this.#gpu.device
    const rowBytes = bytes.length / count
    for (const { buffer, start, rows } of parts) {
      const from = Math.max(first, start)
      const to = Math.min(first + count, start + rows)
      if (from >= to) continue
      queue.writeBuffer(buffer, (from - start) * rowBytes, bytes, (from - first) * rowBytes, (to - from) * rowBytes)
    }
    queue.submit([])
    this.#idle = workDone(this.#gpu.device)
  }

  /** Rows of a slot by the rows of a tensor, counted from its first; null where they come in their own order. */
  #order({ request: { order } }: Tensor, count: number) {
    if (!order) return null
    const rows = orderOf(order, count)
    const buffer = this.#gpu.buffer('order', rows.byteLength)
    this.#gpu.device.queue.writeBuffer(buffer, 0, rows)
    return { buffer, least: rows.reduce((a, b) => Math.min(a, b)), most: rows.reduce((a, b) => Math.max(a, b)) }
  }
}

/** Rows of a tensor, in multiples of `unit`, that fit in the staging buffer. */
function rowsAtOnce(name: string, rowBytes: number, unit: number): number {
  const rows = Math.floor(STAGING_BYTES / rowBytes / unit) * unit
  if (rows > 0) return rows
  const message = `${unit} rows of ${name} take ${unit * rowBytes} bytes; at most ${STAGING_BYTES} fit`
  throw new HeadlightError('too-large', message, { what: name, found: unit * rowBytes, expected: STAGING_BYTES })
}
