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

type Shares = Omit<HeadShares, 'rows'>

/** `ids`: the tokens of the rows. No row to speak of: undefined. */
export const sharesOf = (rows: HeadWeights['rows'], ids: readonly number[], window: number): HeadShares | undefined =>
  meanOf(rows, (row, query) => rowShares(row, query, ids, window))

/** The same of a head that attends to everything alike: w = 1 / (query + 1). */
export function evenShares(rows: HeadWeights['rows'], ids: readonly number[], window: number): HeadShares | undefined {
  const earlier = new Map<number | undefined, number>() // how often each token has come
  const counts = ids.map((id) => {
    const count = earlier.get(id) ?? 0
    earlier.set(id, count + 1)
    return count
  })
  return meanOf(rows, ({ length }, query) => {
    const even = 1 / length
    const near = Math.min(window, length)
    const entropy = Math.log(length)
    return {
      first: even,
      previous: even,
      itself: even,
      same: counts[query]! * even,
      window: near * even,
      sink: 0,
      entropy,
    }
  })
}

function meanOf(
  rows: HeadWeights['rows'],
  sharesAt: (row: Float32Array, query: number) => Shares,
): HeadShares | undefined {
  const sum = { first: 0, previous: 0, itself: 0, same: 0, window: 0, sink: 0, entropy: 0 }
  const names = Object.keys(sum) as (keyof Shares)[]
  let count = 0
  for (const [query, row] of rows.entries()) {
    if (!row || query === 0) continue
    count++
    const shares = sharesAt(row, query)
    for (const name of names) sum[name] += shares[name]
  }
  if (count === 0) return undefined
  for (const name of names) sum[name] /= count
  return { rows: count, ...sum }
}

/** A row is of one text, in which what stands before it does not change: looked at once, however long the text grows. */
const known = new WeakMap<Float32Array, { readonly window: number; readonly shares: Shares }>()

function rowShares(row: Float32Array, query: number, ids: readonly number[], window: number): Shares {
  const before = known.get(row)
  if (before?.window === window) return before.shares
  let [same, near, entropy] = [0, 0, 0]
  for (const [key, weight] of row.entries()) {
    if (key < query && ids[key] === ids[query]) same += weight
    if (key > query - window) near += weight
    if (weight > 0) entropy -= weight * Math.log(weight)
  }
  const [first, previous, itself] = [row[0]!, row[query - 1]!, row[query]!]
  const shares = { first, previous, itself, same, window: near, sink: sinkShare(row), entropy }
  known.set(row, { window, shares })
  return shares
}
