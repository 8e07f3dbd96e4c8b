/** What a head does, in numbers that anybody can compute again. */
import { type HeadWeights, sinkShare } from './weights.ts'

/** Means over the rows after the first, which can see nothing but itself. Shares are 0 … 1. */
export interface HeadShares {
  /** How many rows they are the mean of. */
  readonly rows: number
  /** The weight on position 0. */
  readonly first: number
  /** On the position before. */
  readonly previous: number
  /** On the position itself. */
  readonly itself: number
  /** On earlier positions with the same token. */
  readonly same: number
  /** On the last `window` positions, itself included. */
  readonly window: number
  /** On no token. */
  readonly sink: number
  /** −Σ w ln w, in nats. */
  readonly entropy: number
}

/** `ids`: the tokens of the rows. No row to speak of: undefined. */
export function sharesOf(rows: HeadWeights['rows'], ids: readonly number[], window: number): HeadShares | undefined {
  const sum = { first: 0, previous: 0, itself: 0, same: 0, window: 0, sink: 0, entropy: 0 }
  let count = 0
  for (const [query, row] of rows.entries()) {
    if (!row || query === 0) continue
    count++
    sum.first += row[0]!
    sum.previous += row[query - 1]!
    sum.itself += row[query]!
    sum.sink += sinkShare(row)
    for (const [key, weight] of row.entries()) {
      if (key < query && ids[key] === ids[query]) sum.same += weight
      if (key > query - window) sum.window += weight
      if (weight > 0) sum.entropy -= weight * Math.log(weight)
    }
  }
  if (count === 0) return undefined
  const mean = Object.fromEntries(Object.entries(sum).map(([name, total]) => [name, total / count]))
  return { rows: count, ...(mean as typeof sum) }
}

/** The same of a head that attends to everything alike: w = 1 / (query + 1). */
export const evenShares = (rows: HeadWeights['rows'], ids: readonly number[], window: number): HeadShares | undefined =>
  sharesOf(
    rows.map((row) => row && new Float32Array(row.length).fill(1 / row.length)),
    ids,
    window,
  )
