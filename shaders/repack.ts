import { cover, defineKernel, type NumberLayout } from './kernel.ts'
import code from './repack.wgsl?raw'
import { bytesPerWeight } from './weights/formats.ts'

export interface RepackShape {
  /** Number type of the file, and of the GPU. The same type moves bits as they are; 8-bit ones only come from it. */
  readonly from: NumberLayout
  readonly to: NumberLayout
  /** The file has [in, out] where the GPU wants [out, in]. */
  readonly transposed: boolean
  /** Rows out go where `order` says. */
  readonly ordered: boolean
  /** Of the chunk, as in the file. They set the workgroups only, so that all chunks share a pipeline. */
  readonly rows: number
  readonly columns: number
}

/** A chunk of whole rows of the file's matrix, and where it goes. */
export interface Part {
  readonly rows: number
  readonly columns: number
  /** Row of the file's matrix that the chunk begins with. Written transposed: a multiple of the numbers in a u32. */
  readonly firstRow: number
  /** Numbers from row to row of the tensor. A multiple of the numbers in a u32. */
  readonly width: number
  /**
   * Numbers in the tensor before the matrix, where several lie behind each other. Negative where the tensor is a later
   * part of them. A multiple of the numbers in a u32.
   */
  readonly target: number
  /** Numbers begin … end − 1 of the tensor are a part of the matrix: what would lie elsewhere is passed over. */
  readonly begin: number
  readonly end: number
}
export const PART_BYTES = 32

/** The uniform `part`. */
export const packPart = ({ rows, columns, firstRow, width, target, begin, end }: Part): Uint32Array<ArrayBuffer> =>
  Uint32Array.of(rows, columns, firstRow, width, target, begin, end, 0)

/** As in repack.wgsl. */
const TYPES: Readonly<Record<NumberLayout, number>> = { f32: 0, f16: 1, bf16: 2, f8_e4m3: 3, f8_e5m2: 4, i8: 5 }

/** Numbers of the GPU's type in a u32, which is what is written at a time. */
const numbersPerWord = (to: NumberLayout): number => 4 / bytesPerWeight[to]

/** Far below the 65535 that a grid may measure along an axis. */
const MOST_ALONG_X = 32768

/**
 * source: [rows, columns] of type `from`, tightly packed; tensor: the whole matrix in type `to`; part: see
 * `packPart`; order: u32, the row of tensor, counted from `target`, for each row (transposed: column) of the file's
 * matrix, or anything when `ordered` is false. Writes only the chunk's own numbers, and zeros
 * in the rest of a last u32.
 */
export const repack = defineKernel({
  entry: 'repack',
  code,
  bindings: { source: 'read', tensor: 'write', part: 'uniform', order: 'read' },
  constants: ({ from, to, transposed, ordered }: RepackShape) => ({
    FROM: TYPES[from],
    TO: TYPES[to],
    TRANSPOSED: Number(transposed),
    HAS_ORDER: Number(ordered),
  }),
  workgroups: ({ to, transposed, rows, columns }) => {
    const [along, lines] = transposed ? [rows, columns] : [columns, rows]
    const groups = cover(cover(along, numbersPerWord(to)) * lines, 64)
    return [Math.min(groups, MOST_ALONG_X), cover(groups, MOST_ALONG_X), 1]
  },
})
