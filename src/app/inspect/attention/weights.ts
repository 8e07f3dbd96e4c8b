/** Attention weights as they come, row by row. */

/** One head. Row q: the weights of positions 0 … q as q sees them. Rows that were not captured are absent. */
export interface HeadWeights {
  readonly layer: number
  readonly head: number
  readonly rows: readonly (Float32Array | undefined)[]
}

/** How the heads of a model are made. */
export interface HeadFacts {
  readonly layers: number
  readonly heads: number
  /** Keys and values that heads share, in groups of neighbours. */
  readonly kvHeads: number
  /** How far back each layer sees, itself included; null: to the beginning. */
  readonly windows: readonly (number | null)[]
}

/** Of `forward`'s weights of a layer, [heads, positions, positions]. */
export function rowsOf(weights: Float32Array, head: number, positions: number): Float32Array[] {
  return Array.from({ length: positions }, (_, query) => {
    const at = (head * positions + query) * positions
    return weights.subarray(at, at + query + 1)
  })
}

/** The mean of several heads, row by row; rows that one of them lacks are absent. */
export function meanRows(heads: readonly Pick<HeadWeights, 'rows'>[]): (Float32Array | undefined)[] {
  const [first] = heads
  return (first?.rows ?? []).map((row, query) => {
    const others = heads.map(({ rows }) => rows[query])
    if (!row || others.some((other) => !other)) return undefined
    return row.map((_, key) => others.reduce((sum, other) => sum + other![key]!, 0) / heads.length)
  })
}

/** What goes to no token. Rounding makes a sum of 1 a little less. */
export const sinkShare = (row: Float32Array): number => {
  const rest = 1 - row.reduce((sum, weight) => sum + weight, 0)
  return rest > 1e-4 ? rest : 0
}

const pooledOf = new WeakMap<HeadWeights['rows'], Map<number, Float32Array<ArrayBuffer>>>()

/**
 * The largest weight of each `factor` × `factor` cells, [n, n] for n = ⌈positions / factor⌉; −1 where nothing was
 * captured or can be. Remembered for as long as `rows` is.
 */
export function pooled(rows: HeadWeights['rows'], factor: number): Float32Array<ArrayBuffer> {
  const known = pooledOf.get(rows) ?? new Map<number, Float32Array<ArrayBuffer>>()
  pooledOf.set(rows, known)
  const cells = known.get(factor) ?? (factor % 4 === 0 ? halved(pooled(rows, factor / 2)) : gathered(rows, factor))
  known.set(factor, cells)
  return cells
}

function gathered(rows: HeadWeights['rows'], factor: number): Float32Array<ArrayBuffer> {
  const n = Math.ceil(rows.length / factor)
  const cells = new Float32Array(n * n).fill(-1)
  for (const [query, row] of rows.entries()) {
    const at = Math.floor(query / factor) * n
    for (let key = 0; row && key < row.length; key++) {
      const cell = at + Math.floor(key / factor)
      if (row[key]! > cells[cell]!) cells[cell] = row[key]!
    }
  }
  return cells
}

/** Of cells that are pooled already, a quarter: thousands of rows are read once, however often the reader zooms. */
function halved(cells: Float32Array): Float32Array<ArrayBuffer> {
  const size = Math.sqrt(cells.length)
  const n = Math.ceil(size / 2)
  const half = new Float32Array(n * n).fill(-1)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const to = (row >> 1) * n + (column >> 1)
      const weight = cells[row * size + column]!
      if (weight > half[to]!) half[to] = weight
    }
  }
  return half
}
