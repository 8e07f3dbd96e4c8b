/** From the staging buffer to a part of a matrix: which compute shader takes a tensor's rows there, and what it is told. */
import type { BlockLayout, NumberLayout, WeightLayout } from '../../shaders/kernel.ts'
import {
  packQuantisePart,
  QUANTISE_PART_BYTES,
  type QuantisedLayout,
  type QuantiseShape,
  quantise,
} from '../../shaders/quantise.ts'
import { PART_BYTES, packPart, repack } from '../../shaders/repack.ts'
import { BLOCK_PART_BYTES, packBlockPart, repackBlocks } from '../../shaders/repack-blocks.ts'
import {
  blockFormats,
  isBlockLayout,
  isScaledLayout,
  scaledNumbers,
  scalePlane,
} from '../../shaders/weights/formats.ts'
import type { TensorRequest } from '../families/spec.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { type Dispatch, dispatch } from '../gpu/plan.ts'
import type { Resident } from './op.ts'
import { inFile } from './parts.ts'
import type { Scales } from './scales.ts'

/** Room for what any of the shaders is told. */
export const MOVE_BYTES = Math.max(PART_BYTES, BLOCK_PART_BYTES, QUANTISE_PART_BYTES)

/** Whole rows of a tensor of the file. */
export interface Batch {
  /** Which matrix of those behind each other. */
  readonly plane: number
  /** In it. */
  readonly firstRow: number
  readonly rows: number
  /** Of blocks that come apart: which one the batch holds. */
  readonly field?: number | undefined
}

export interface MoveBuffers {
  /** The batch, tightly packed. */
  readonly source: GPUBuffer
  /** MOVE_BYTES */
  readonly part: GPUBuffer
  /** Null: rows come in their own order. */
  readonly order: GPUBuffer | null
}

export interface Move {
  /** What `part` must hold when `dispatch` runs. */
  readonly told: Uint32Array<ArrayBuffer>
  readonly dispatch: Promise<Dispatch>
}

/** Rows of a transposed tensor that are written together: a block, or four numbers of 8 bits that share a word. */
export const rowsTogether = (to: WeightLayout): number => (isBlockLayout(to) ? blockFormats[to].weights : 4)

/** Moves those rows of `batch`, which is in layout `from`, that lie in `to`. */
export function move(
  gpu: Gpu,
  request: TensorRequest,
  { plane, firstRow, rows, field }: Batch,
  from: NumberLayout | BlockLayout,
  to: Resident,
  buffers: MoveBuffers,
): Move {
  const { transposed } = request
  const { columns, inWidth, width } = inFile(request)
  const target = request.firstRow + plane * columns - to.start
  const { source, part, order } = buffers
  const ordered = order !== null
  const tensors = { source, tensor: to.buffer, part, order: order ?? source } // which is not read then
  if (isBlockLayout(from)) {
    const perRow = inWidth / blockFormats[from].weights
    const blocks = rows * perRow
    const size = { firstBlock: firstRow * perRow, width: inWidth, rows: to.rows, target }
    return {
      told: packBlockPart({ layout: from, field, blocks, ...size }),
      dispatch: dispatch(gpu, repackBlocks, { ordered, layout: from, field, blocks }, tensors),
    }
  }
  const size = { rows, columns, transposed, ordered }
  if (isBlockLayout(to.layout)) {
    const layouts = { from: from as QuantiseShape['from'], to: to.layout as QuantisedLayout } // as `layoutFor` gave them
    const place = { rows, columns, firstRow, width: inWidth, tensorRows: to.rows, target }
    return {
      told: packQuantisePart({ to: layouts.to, ...place }),
      dispatch: dispatch(gpu, quantise, { ...layouts, ...size }, tensors),
    }
  }
  const numbers = isScaledLayout(to.layout) ? scaledNumbers[to.layout] : to.layout
  return {
    told: packPart({ rows, columns, firstRow, width, target: target * width, begin: 0, end: to.rows * width }),
    dispatch: dispatch(gpu, repack, { from, to: numbers, ...size }, tensors),
  }
}

/** Moves those scales of rows of `batch`, one for every 128 numbers, that belong to rows in `to`. */
export function moveScales(
  gpu: Gpu,
  { firstRow: start }: TensorRequest,
  { firstRow, rows }: Batch,
  from: Scales['type'],
  to: Resident,
  { source, part, order }: MoveBuffers,
): Move {
  const { offset, perRow } = scalePlane(to)
  const begin = offset / 4
  const place = { target: begin + (start - to.start) * perRow, begin, end: begin + to.rows * perRow }
  const shape = { from, to: 'f32', transposed: false, ordered: order !== null, rows, columns: perRow } as const
  return {
    told: packPart({ rows, columns: perRow, firstRow, width: perRow, ...place }),
    dispatch: dispatch(gpu, repack, shape, { source, tensor: to.buffer, part, order: order ?? source }),
  }
}
