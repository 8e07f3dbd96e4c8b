import { type BlockLayout, cover, defineKernel, type NumberLayout } from './kernel.ts'
import code from './quantise.wgsl?raw'
import { planeOffsets } from './weights/formats.ts'

/**
 * The layouts that floating-point matrices are rounded to while they load. Of the four-bit formats iq4_nl: over 3072
 * tokens of stories the built-in model's KL divergence from what it was before is 0.018 nats a token with iq4_nl as it is
 * chosen here, 0.024 with q4_0 (0.023 with the best of eight scales), 0.019 with q4_1, which takes half a bit more; with
 * q8_0 it is 0.0001.
 */
export const QUANTISED = { q8: 'q8_0', q4: 'iq4_nl' } as const satisfies Record<string, BlockLayout>

export type QuantisedLayout = (typeof QUANTISED)[keyof typeof QUANTISED]

export interface QuantiseShape {
  readonly from: Extract<NumberLayout, 'f32' | 'f16' | 'bf16'>
  readonly to: QuantisedLayout
  /** The file has [in, out] where the GPU wants [out, in]. */
  readonly transposed: boolean
  /** Rows out go where `order` says. */
  readonly ordered: boolean
  /** Of the chunk, as in the file. They set the workgroups only, so that all chunks share a pipeline. */
  readonly rows: number
  readonly columns: number
}

/** A chunk of whole rows of the file's matrix, and where its blocks go. */
export interface QuantisePart {
  readonly to: QuantisedLayout
  /** Of the chunk, as in the file. A multiple of 32: columns; written transposed, rows. */
  readonly rows: number
  readonly columns: number
  /** Row of the file's matrix that the chunk begins with. Written transposed: a multiple of 32. */
  readonly firstRow: number
  /** inWidth, a multiple of 32. */
  readonly width: number
  /** Rows of the whole tensor on the GPU: they decide where planes begin. */
  readonly tensorRows: number
  /**
   * The row of the tensor that is row 0 of the file's matrix, where several lie behind each other. Negative where the
   * tensor is a later part of them: rows that would lie outside of it are passed over.
   */
  readonly target: number
}
export const QUANTISE_PART_BYTES = 32

/** The uniform `part`. */
export function packQuantisePart(part: QuantisePart): Uint32Array<ArrayBuffer> {
  const { to, rows, columns, firstRow, width, tensorRows, target } = part
  const [scales, quants] = planeOffsets({ layout: to, width, rows: tensorRows }) as [number, number, number]
  return Uint32Array.of(rows, columns, firstRow, width / BLOCK, target, scales / 4, quants / 4, tensorRows)
}

const BLOCK = 32

/** As in quantise.wgsl. */
const TYPES = { f32: 0, f16: 1, bf16: 2 } as const

/** Far below the 65535 that a grid may measure along an axis. */
const MOST_ALONG_X = 32768

/**
 * source: [rows, columns] of type `from`, tightly packed; tensor: the planes of the whole matrix; part: see
 * `packQuantisePart`; order: u32, the row of tensor, counted from `target`, for each row (transposed: column) of the
 * file's matrix, or anything when `ordered` is false. Chunks may come in any order, but `tensor` must be new: scales are
 * added to the zeros that are there.
 */
export const quantise = defineKernel({
  entry: 'quantise',
  code,
  bindings: { source: 'read', tensor: 'write', part: 'uniform', order: 'read' },
  constants: ({ from, to, transposed, ordered }: QuantiseShape) => ({
    FROM: TYPES[from],
    Q8: Number(to === 'q8_0'),
    TRANSPOSED: Number(transposed),
    HAS_ORDER: Number(ordered),
  }),
  workgroups: ({ rows, columns }) => {
    const groups = cover((rows * columns) / BLOCK, 64)
    return [Math.min(groups, MOST_ALONG_X), cover(groups, MOST_ALONG_X), 1]
  },
})
