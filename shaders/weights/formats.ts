/**
 * How weight matrices lie in GPU memory: sizes, the fields of the block formats, the constants of their accessors.
 *
 * A block format is a GGUF file's, bit by bit. A block's fields are not aligned to anything, so that in GPU memory each
 * field has a plane of its own: that field of all blocks of the matrix, row after row; planes follow each other in the
 * order of `fields`, each padded to 16 bytes. `repackBlocks` moves a file's blocks there.
 *
 * A scaled format is two planes, too: the numbers, and behind them scales in f32. `repack` moves both.
 */
import type { BlockLayout, NumberLayout, ScaledLayout, WeightLayout, WeightPart } from '../kernel.ts'

export interface Field {
  /** The accessor's constant that says where the plane begins. */
  readonly name: string
  /** Within a block of the file. */
  readonly offset: number
  /** 1, 2, or a multiple of 4. */
  readonly bytes: number
}

export interface BlockFormat {
  /** Weights in a block. */
  readonly weights: 32 | 256
  /** Bytes of a block. */
  readonly bytes: number
  /** One to four, which together are the block. */
  readonly fields: readonly Field[]
}

const field = (name: string, offset: number, bytes: number): Field => ({ name, offset, bytes })

const nibbles: BlockFormat = { weights: 32, bytes: 18, fields: [field('SCALES', 0, 2), field('QUANTS', 2, 16)] }

const micro: BlockFormat = { weights: 32, bytes: 17, fields: [field('SCALES', 0, 1), field('QUANTS', 1, 16)] }

export const blockFormats: Readonly<Record<BlockLayout, BlockFormat>> = {
  q8_0: { weights: 32, bytes: 34, fields: [field('SCALES', 0, 2), field('QUANTS', 2, 32)] },
  q4_0: nibbles,
  q4_1: { weights: 32, bytes: 20, fields: [field('SCALES', 0, 4), field('QUANTS', 4, 16)] },
  q5_0: { weights: 32, bytes: 22, fields: [field('SCALES', 0, 2), field('HIGHS', 2, 4), field('QUANTS', 6, 16)] },
  q5_1: { weights: 32, bytes: 24, fields: [field('HEADS', 0, 8), field('QUANTS', 8, 16)] },
  q2_k: {
    weights: 256,
    bytes: 84,
    fields: [field('SCALES', 0, 16), field('QUANTS', 16, 64), field('SUPERS', 80, 4)],
  },
  q3_k: {
    weights: 256,
    bytes: 110,
    fields: [field('HIGHS', 0, 32), field('QUANTS', 32, 64), field('SCALES', 96, 12), field('SUPERS', 108, 2)],
  },
  q4_k: { weights: 256, bytes: 144, fields: [field('HEADS', 0, 16), field('QUANTS', 16, 128)] },
  q5_k: {
    weights: 256,
    bytes: 176,
    fields: [field('HEADS', 0, 16), field('HIGHS', 16, 32), field('QUANTS', 48, 128)],
  },
  q6_k: {
    weights: 256,
    bytes: 210,
    fields: [field('QUANTS', 0, 128), field('HIGHS', 128, 64), field('SCALES', 192, 16), field('SUPERS', 208, 2)],
  },
  iq4_nl: nibbles,
  iq4_xs: { weights: 256, bytes: 136, fields: [field('HEADS', 0, 8), field('QUANTS', 8, 128)] },
  mxfp4: micro,
  mxfp4_pairs: micro,
}

/** Bytes that one number of a weight takes. */
export const bytesPerWeight: Readonly<Record<NumberLayout, number>> = {
  f32: 4,
  f16: 2,
  bf16: 2,
  f8_e4m3: 1,
  f8_e5m2: 1,
  i8: 1,
}

/** What the numbers of a scaled format are. */
export const scaledNumbers: Readonly<Record<ScaledLayout, Extract<NumberLayout, 'f8_e4m3' | 'i8'>>> = {
  f8_e4m3_scaled: 'f8_e4m3',
  i8_scaled: 'i8',
}

/** Numbers of a row that share a scale. */
export const SCALED_NUMBERS = 128

export const isScaledLayout = (layout: WeightLayout): layout is ScaledLayout => layout in scaledNumbers
export const isBlockLayout = (layout: WeightLayout): layout is BlockLayout => layout in blockFormats

/** A buffer of weights: a layout, rows, and numbers from row to row, padding included. */
type Matrix = Pick<WeightPart, 'layout' | 'width' | 'rows'>

/** Where a plane begins, in bytes. In the order of the format's fields, and behind them the end of the last. */
export function planeOffsets({ layout, width, rows }: Matrix & { readonly layout: BlockLayout }): number[] {
  const { weights, fields } = blockFormats[layout]
  const blocks = (rows * width) / weights
  const offsets = [0]
  for (const { bytes } of fields) offsets.push(offsets.at(-1)! + Math.ceil((blocks * bytes) / 16) * 16)
  return offsets
}

/** The plane of scales: [rows, perRow] in f32, from byte `offset` on. */
export const scalePlane = ({ width, rows }: Omit<Matrix, 'layout'>) => ({
  offset: rows * width,
  perRow: Math.ceil(width / SCALED_NUMBERS),
})

/** Bytes of a buffer of weights. `width`: numbers from row to row, padding included. */
export function bytesOf(layout: WeightLayout, rows: number, width: number): number {
  if (isBlockLayout(layout)) return planeOffsets({ layout, rows, width }).at(-1)!
  if (!isScaledLayout(layout)) return rows * width * bytesPerWeight[layout]
  const { offset, perRow } = scalePlane({ width, rows })
  return offset + Math.ceil((rows * perRow) / 2) * 8
}

/**
 * Bytes of a row in a file, where rows of `inWidth` numbers or blocks are tightly packed.
 * @param field of blocks that come apart, the one that is asked about
 */
export function fileRowBytes(layout: WeightLayout, inWidth: number, field?: number): number {
  if (isScaledLayout(layout)) return inWidth
  if (!isBlockLayout(layout)) return inWidth * bytesPerWeight[layout]
  const { weights, bytes, fields } = blockFormats[layout]
  return (inWidth / weights) * (field === undefined ? bytes : fields[field]!.bytes)
}

/** Values of the accessor's `override` constants. */
export function layoutConstants({ layout, width, rows }: Matrix): Readonly<Record<string, number>> {
  if (isScaledLayout(layout)) return { WEIGHT_WIDTH: width, SCALES: scalePlane({ width, rows }).offset / 8 }
  if (!isBlockLayout(layout)) return { WEIGHT_WIDTH: width }
  const offsets = planeOffsets({ layout, width, rows })
  const planes = blockFormats[layout].fields.map(({ name }, i) => [name, offsets[i]! / 8] as const)
  return { WEIGHT_WIDTH: width, ...Object.fromEntries(planes) }
}
