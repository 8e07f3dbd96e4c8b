/**
 * How weights lie on the GPU: which slot a tensor fills, in which layout, and into which parts a matrix is divided
 * because it is large, or because the tensors that share it came in different number formats.
 */
import {
  type BlockLayout,
  type NumberLayout,
  padded,
  type WeightLayout,
  type WeightPart,
} from '../../shaders/kernel.ts'
import { QUANTISED } from '../../shaders/quantise.ts'
import { blockFormats, bytesOf, bytesPerWeight, isBlockLayout } from '../../shaders/weights/formats.ts'
import type { TensorEntry } from '../checkpoint/safetensors.ts'
import { HeadlightError } from '../errors.ts'
import type { TensorRequest } from '../families/spec.ts'
import { checkBlocks } from './check-blocks.ts'
import type { Slot } from './op.ts'
import type { Scales } from './scales.ts'

/** What `weights: 'auto'` keeps, one precision for every matrix, or the bits of a weight to round to. */
export type Precision = 'auto' | 'f32' | 'f16' | 'q8' | 'q4'

/** The layout that keeps a file's numbers as they are, under the names of safetensors and of GGUF. */
const FILE_LAYOUTS: Readonly<Record<string, NumberLayout | BlockLayout>> = Object.fromEntries(
  (
    [...(['f32', 'f16', 'bf16', 'f8_e4m3', 'f8_e5m2', 'i8'] as const), ...Object.keys(blockFormats)] as (
      | NumberLayout
      | BlockLayout
    )[]
  ).map((layout) => [layout.toUpperCase(), layout]),
)

/** A tensor that the model needs, and what the header of its file says of it. */
export interface Tensor {
  readonly request: TensorRequest
  readonly entry: Entry
  readonly scales?: Scales
  /** Tensors that hold one field of each block, by the field's index, where blocks come apart. */
  readonly fields?: readonly string[]
}

type Entry = Pick<TensorEntry, 'name' | 'type'>

/** Of the buffer of a part: vectors are read as vec4s, too. */
export const bufferBytes = ({ layout, rows, width }: WeightPart): number =>
  Math.ceil(bytesOf(layout, rows, width) / 32) * 32

/** The slot that a tensor fills, alone or together with others (q, k and v). */
export function slotOf({ target, layer }: TensorRequest): Slot {
  return layer === null ? target : `layer.${layer}.${target}`
}

/** Small tensors that kernels read as they are, in f32: norms, biases, learned positions. */
export const isPlain = ({ kind, target }: TensorRequest): boolean => kind === 'vector' || target === 'positions'

export interface InFile {
  /** Of one matrix; where they are not transposed, of all matrices behind each other, which are then one. */
  readonly rows: number
  readonly columns: number
  /** Rows on the GPU, of all matrices, and numbers in them, and from one to the next. */
  readonly rowsOut: number
  readonly inWidth: number
  readonly width: number
}

/** A tensor of the file as `repack` takes it. Each number of a vector is a row: `order` is of rows throughout. */
export function inFile({ kind, shape, transposed }: TensorRequest): InFile {
  const numbers = shape.reduce((product, size) => product * size, 1)
  if (kind === 'vector') return { rows: numbers, columns: 1, rowsOut: numbers, inWidth: 1, width: 1 }
  const [rows, columns] = shape.slice(-2) as [number, number]
  return transposed
    ? { rows, columns, rowsOut: numbers / rows, inWidth: rows, width: padded(rows) }
    : { rows: numbers / columns, columns, rowsOut: numbers / columns, inWidth: columns, width: padded(columns) }
}

/** As the file has it. @throws HeadlightError `unsupported` for a number type that is not known */
export function fileLayout({ name, type }: Entry): NumberLayout | BlockLayout {
  const layout = Object.hasOwn(FILE_LAYOUTS, type) ? FILE_LAYOUTS[type] : undefined
  if (layout) return layout
  const known = Object.keys(FILE_LAYOUTS).join(', ')
  throw new HeadlightError('unsupported', `${name} is stored as ${type}; Headlight reads ${known}`, {
    what: name,
    found: type,
    expected: known,
  })
}

/**
 * The layout that a tensor gets on the GPU.
 * @throws HeadlightError `unsupported` for a number type that is not known, or cannot become what is asked for;
 *   `bad-weights` for rows that end within a block
 */
export function layoutFor({ request, entry, scales }: Tensor, precision: Precision): WeightLayout {
  const found = fileLayout(entry)
  if (isPlain(request)) {
    if (!isBlockLayout(found)) return 'f32'
    throw refused(
      entry,
      `${entry.name} is stored as ${entry.type}; Headlight reads norms, biases and positions as F32, F16 or BF16`,
    )
  }
  if (isBlockLayout(found)) {
    if (request.transposed) {
      throw refused(
        entry,
        `${entry.name} is stored as ${entry.type} and lies crosswise, as blocks cannot: use another file`,
      )
    }
    checkBlocks(found, inFile(request).inWidth, entry.name)
  }
  if (precision === 'auto') return scales?.layout ?? found
  const wide = precision === 'f32' || precision === 'f16'
  if (scales || isBlockLayout(found) || (!wide && bytesPerWeight[found] === 1)) {
    throw refused(entry, `${entry.name} is already quantised, as ${entry.type}: load with weights: 'auto'`)
  }
  if (wide) return precision
  return isQuantisable(request) ? QUANTISED[precision] : 'f16'
}

/** A router's choice of experts turns on small differences, and its matrix is small. */
const isQuantisable = (request: TensorRequest): boolean =>
  request.target !== 'mlp.router' && inFile(request).inWidth % blockFormats[QUANTISED.q8].weights === 0

const refused = ({ name, type }: Entry, message: string) =>
  new HeadlightError('unsupported', message, { what: name, found: type })

/** A tensor that is to be placed, and how. */
interface Placed {
  readonly request: TensorRequest
  readonly layout: WeightLayout
}

/** Rows start … end − 1 of a slot. */
interface Run {
  readonly start: number
  readonly end: number
  readonly layout: WeightLayout
}

/** How a model's weights lie on the GPU: the parts of each slot, in the order of their rows. */
export type Plan = ReadonlyMap<Slot, readonly WeightPart[]>

/**
 * @param tensors all that the model needs: they say what shares a matrix
 * @param mostBytes the most that one binding holds
 * @throws HeadlightError `unsupported` or `bad-weights` (see `layoutFor`); `too-large` for a matrix that cannot be divided
 *   so that each part can be bound
 */
export function planOf(tensors: readonly Tensor[], precision: Precision, mostBytes: number): Plan {
  const slots = new Map<Slot, Placed[]>()
  for (const tensor of tensors) {
    const { request } = tensor
    const slot = slotOf(request)
    slots.set(slot, [...(slots.get(slot) ?? []), { request, layout: layoutFor(tensor, precision) }])
  }
  return new Map([...slots].map(([slot, placed]) => [slot, partsOf(placed, mostBytes)]))
}

/**
 * The parts, in the order of their rows, that tensors of one slot lie in: neighbours of one layout in one part, as far
 * as they fit in `mostBytes`.
 * @throws HeadlightError `too-large` where not even 8 rows fit
 */
function partsOf(tensors: readonly Placed[], mostBytes: number): WeightPart[] {
  const runs = tensors.flatMap(({ request, layout }) => runsOf(request).map((run) => ({ ...run, layout })))
  runs.sort((a, b) => a.start - b.start)
  const joined: Run[] = []
  for (const run of runs) {
    const last = joined.at(-1)
    if (last && last.end === run.start && last.layout === run.layout) joined.push({ ...joined.pop()!, end: run.end })
    else joined.push(run)
  }
  const [{ request }] = tensors as [Placed]
  const { width } = inFile(request)
  return joined.flatMap((run) => (isPlain(request) ? [partOf(run, width)] : split(run, width, mostBytes, request)))
}

const partOf = ({ start, end, layout }: Run, width: number): WeightPart => ({ layout, width, start, rows: end - start })

function split(run: Run, width: number, mostBytes: number, request: TensorRequest): WeightPart[] {
  const { start, end, layout } = run
  if (bytesOf(layout, end - start, width) <= mostBytes) return [partOf(run, width)]
  const eight = bytesOf(layout, 8, width)
  if (eight > mostBytes) {
    const message = `8 rows of ${slotOf(request)} take ${eight} bytes; this GPU binds at most ${mostBytes}`
    throw new HeadlightError('too-large', message, { what: slotOf(request), found: eight, expected: mostBytes })
  }
  // Kernels make a vec4, or 8 numbers, at a time: parts that end at multiples of 8 share none.
  const rows = 8 * Math.floor(mostBytes / eight)
  const parts: WeightPart[] = []
  for (let from = start; from < end; ) {
    const to = Math.min(end, from + rows - (from % 8))
    parts.push(partOf({ start: from, end: to, layout }, width))
    from = to
  }
  return parts
}

/** The rows of the slot that a tensor fills. */
function runsOf(request: TensorRequest): Omit<Run, 'layout'>[] {
  const { firstRow, order } = request
  const { rowsOut } = inFile(request)
  if (!order) return [{ start: firstRow, end: firstRow + rowsOut }]
  const rows = orderOf(order, rowsOut).sort()
  const runs: { start: number; end: number }[] = []
  for (const row of rows) {
    const last = runs.at(-1)
    if (last?.end === firstRow + row) last.end++
    else runs.push({ start: firstRow + row, end: firstRow + row + 1 })
  }
  return runs
}

/** `order`, which is of one matrix, for `count` rows out: of all matrices behind each other. */
export function orderOf(order: readonly number[], count: number): Uint32Array<ArrayBuffer> {
  const n = order.length
  return Uint32Array.from({ length: count }, (_, row) => row - (row % n) + order[row % n]!)
}
