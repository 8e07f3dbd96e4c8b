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
