import { type BlockLayout, cover, defineKernel } from './kernel.ts'
import code from './repack-blocks.wgsl?raw'
import { blockFormats, planeOffsets } from './weights/formats.ts'

export interface RepackBlocksShape {
  /** Rows go where `order` says. */
  readonly ordered: boolean
  readonly layout: BlockLayout
  readonly field?: number | undefined
  /** In this chunk. Like `layout` it sets the workgroups only: all chunks of all layouts share a pipeline. */
  readonly blocks: number
}

/** A run of consecutive blocks of the file's matrix, and where it goes. It need not begin or end with a row. */
export interface BlockPart {
  readonly layout: BlockLayout
  /** Index of the only field that the source has of each block, where the others come apart; undefined: whole blocks. */
  readonly field?: number | undefined
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

/** The fields of a block of the source, with where their planes begin. */
function fieldsOf({ layout, field, width, rows }: Pick<BlockPart, 'layout' | 'field' | 'width' | 'rows'>) {
  const planes = planeOffsets({ layout, width, rows })
  const all = blockFormats[layout].fields.map((each, i) => ({ ...each, plane: planes[i]! }))
  return field === undefined ? all : [{ ...all[field]!, offset: 0 }]
}

/** Words that a block's fields are moved as; a field of 1 or 2 bytes is one. */
function wordsOf(layout: BlockLayout, field: number | undefined): number {
  const { fields } = blockFormats[layout]
  const moved = field === undefined ? fields : [fields[field]!]
  return moved.reduce((sum, { bytes }) => sum + Math.ceil(bytes / 4), 0)
}

/** The uniform `part`. */
export function packBlockPart(given: BlockPart): Uint32Array<ArrayBuffer> {
  const { layout, field, blocks, firstBlock, width, rows, target } = given
  const fields = fieldsOf(given)
  const bytes = fields.reduce((sum, field) => sum + field.bytes, 0)
  const perRow = width / blockFormats[layout].weights
  const part = new Uint32Array(BLOCK_PART_BYTES / 4)
  part.set([blocks, firstBlock, perRow, target * perRow, bytes, wordsOf(layout, field), rows * perRow])
  let words = 0
  for (let i = 0; i < MOST_FIELDS; i++) {
    const field = fields[i]
    part.set(field ? [field.offset, field.bytes, field.plane / 4, words] : [0, 4, 0, 0xffffffff], 8 + 4 * i)
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
  workgroups: ({ layout, field, blocks }) => {
    const groups = cover(blocks * wordsOf(layout, field), 64)
    return [Math.min(groups, MOST_ALONG_X), cover(groups, MOST_ALONG_X), 1]
  },
})
