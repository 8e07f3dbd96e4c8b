/** Scales of 8-bit numbers, which a file keeps as a tensor of their own: number = stored number · scale. */
import type { ScaledLayout } from '../../shaders/kernel.ts'
import { SCALED_NUMBERS } from '../../shaders/weights/formats.ts'
import type { TensorEntry } from '../checkpoint/safetensors.ts'
import { HeadlightError } from '../errors.ts'
import type { TensorRequest } from '../families/spec.ts'

const SCALED: ReadonlyMap<string, ScaledLayout> = new Map([
  ['F8_E4M3', 'f8_e4m3_scaled'],
  ['I8', 'i8_scaled'],
])
const TYPES: ReadonlyMap<string, 'f32' | 'f16' | 'bf16'> = new Map([
  ['F32', 'f32'],
  ['F16', 'f16'],
  ['BF16', 'bf16'],
])

export interface Scales {
  readonly name: string
  readonly type: 'f32' | 'f16' | 'bf16'
  /** How many there are. */
  readonly count: number
  /** What the numbers are on the GPU with them. */
  readonly layout: ScaledLayout
  /** Rows and columns of the matrix that share one: all, one row, or 128 × 128. */
  readonly rows: number
  readonly columns: number
}

/**
 * @param entry of a matrix [rows, columns]
 * @param scales [] or [1], [rows] or [rows, 1], or one for every 128 × 128 numbers, the last ones fewer
 * @throws HeadlightError `unsupported` for scales of anything else
 */
export function scalesOf(
  { kind, shape, transposed }: TensorRequest,
  entry: Pick<TensorEntry, 'name' | 'type'>,
  scales: Pick<TensorEntry, 'name' | 'type' | 'shape'>,
): Scales {
  const { name } = scales
  const [rows, columns] = shape
  const layout = SCALED.get(entry.type)
  const type = TYPES.get(scales.type)
  if (kind !== 'matrix' || rows === undefined || columns === undefined || shape.length > 2 || transposed || !layout) {
    throw refused(name, `scales ${entry.name}, ${entry.type} [${shape.join(', ')}]`, 'matrices in F8_E4M3 or I8')
  }
  if (!type) throw refused(name, `is ${scales.type}`, [...TYPES.keys()].join(', '))
  const blocks = [rows, columns].map((size) => Math.ceil(size / SCALED_NUMBERS))
  const is = (...sizes: number[]) => scales.shape.join() === sizes.join()
  const known = { name, type, count: scales.shape.reduce((product, size) => product * size, 1), layout }
  if (scales.shape.every((size) => size === 1)) return { ...known, rows, columns }
  if (is(rows) || is(rows, 1)) return { ...known, rows: 1, columns }
  if (is(...blocks)) return { ...known, rows: SCALED_NUMBERS, columns: SCALED_NUMBERS }
  throw refused(name, `has shape [${scales.shape.join(', ')}]`, `[1], [${rows}, 1] or [${blocks.join(', ')}]`)
}

function refused(what: string, found: string, expected: string): HeadlightError {
  const message = `${what} ${found}; Headlight reads scales of ${expected}. Use another file of this model.`
  return new HeadlightError('unsupported', message, { what, found, expected })
}

/**
 * Spreads scales out, so that there is one for every 128 numbers of a row: [rows, perRow].
 * @param scales all of them, in 16 or 32 bits
 * @param columns of the matrix
 */
export function spread<T extends Uint16Array | Uint32Array>(
  scales: T,
  shared: Pick<Scales, 'rows' | 'columns'>,
  columns: number,
  { firstRow, rows, perRow }: { firstRow: number; rows: number; perRow: number },
  into: T,
): void {
  const along = Math.ceil(columns / shared.columns)
  for (let row = 0; row < rows; row++) {
    const from = Math.floor((firstRow + row) / shared.rows) * along
    for (let i = 0; i < perRow; i++) {
      into[row * perRow + i] = scales[from + Math.floor((i * SCALED_NUMBERS) / shared.columns)]!
    }
  }
}
