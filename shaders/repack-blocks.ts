import { type BlockLayout, cover, defineKernel } from './kernel.ts'
import code from './repack-blocks.wgsl?raw'
import { blockFormats, planeOffsets } from './weights/formats.ts'

export interface RepackBlocksShape {
  /** Rows go where `order` says. */
  readonly ordered: boolean
  readonly layout: BlockLayout
  /** In this chunk. Like `layout` it sets the workgroups only: all chunks of all layouts share a pipeline. */
  readonly blocks: number
}

/** A run of consecutive blocks of the file's matrix, and where it goes. It need not begin or end with a row. */
export interface BlockPart {
  readonly layout: BlockLayout
  /** In this chunk. */
  readonly blocks: number
  /** Block of the file's matrix that the chunk begins with, counted row after row. */
  readonly firstBlock: number
  /** inWidth. */
  readonly width: number
  /** Of the whole tensor on the GPU: they decide where planes begin. */
  readonly rows: number
  /**
   * The row of the tensor that is row 0 of the file's matrix, where several lie behind each other. Negative where the
   * tensor is a later part of them: rows that would lie outside of it are passed over.
   */
  readonly target: number
}
export const BLOCK_PART_BYTES = 96

const MOST_FIELDS = 4

/** Words that a block's fields are moved as; a field of 1 or 2 bytes is one. */
const wordsOf = (layout: BlockLayout): number =>
  blockFormats[layout].fields.reduce((sum, { bytes }) => sum + Math.ceil(bytes / 4), 0)

/** The uniform `part`. */
export function packBlockPart({
  layout,
  blocks,
  firstBlock,
  width,
  rows,
  target,
}: BlockPart): Uint32Array<ArrayBuffer> {
  const { weights, bytes, fields } = blockFormats[layout]
  const perRow = width / weights
  const part = new Uint32Array(BLOCK_PART_BYTES / 4)
  part.set([blocks, firstBlock, perRow, target * perRow, bytes, wordsOf(layout), rows * perRow])
  const planes = planeOffsets({ layout, width, rows })
  let words = 0
  for (let i = 0; i < MOST_FIELDS; i++) {
    const field = fields[i]
    part.set(field ? [field.offset, field.bytes, planes[i]! / 4, words] : [0, 4, 0, 0xffffffff], 8 + 4 * i)
    if (field) words += Math.ceil(field.bytes / 4)
  }
  return part
}

/** Far below the 65535 that a grid may measure along an axis. */
const MOST_ALONG_X = 32768

/**
 * source: blocks as in the file, tightly packed; tensor: the planes of the whole matrix; part: see `packBlockPart`;
 * order: u32, the row of tensor, counted from `target`, for each row of the file's matrix, or anything when `ordered`
 * is false. Blocks may come in any order, but `tensor` must be new: small fields are added to the zeros that are there.
 */
export const repackBlocks = defineKernel({
  entry: 'repack_blocks',
  code,
  bindings: { source: 'read', tensor: 'write', part: 'uniform', order: 'read' },
  constants: ({ ordered }: RepackBlocksShape) => ({ HAS_ORDER: Number(ordered) }),
  workgroups: ({ layout, blocks }) => {
    const groups = cover(blocks * wordsOf(layout), 64)
    return [Math.min(groups, MOST_ALONG_X), cover(groups, MOST_ALONG_X), 1]
  },
})
