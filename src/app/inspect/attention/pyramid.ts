/** A map from further away: half as large, a quarter, … Each cell is the largest weight of those that it covers. */
import type { HeadWeights } from './weights.ts'

type Rows = HeadWeights['rows']

/** `rows` in cells of `factor` × `factor`, a power of two; rows of which nothing was captured are absent, as there. */
export type Pyramid = (rows: Rows, factor: number) => Rows

/** Remembers what it was asked last: where rows have come since, only cells that they lie in are computed. */
export function createPyramid(): Pyramid {
  const levels: { of: Rows; rows: Rows }[] = []
  return (rows, factor) => {
    let drawn = rows
    for (let level = 0; 2 ** level < factor; level++) {
      const before = levels[level]
      const next = before?.of === drawn ? before.rows : halved(drawn, before)
      levels[level] = { of: drawn, rows: next }
      drawn = next
    }
    return drawn
  }
}

function halved(rows: Rows, before: { readonly of: Rows; readonly rows: Rows } | undefined): Rows {
  return Array.from({ length: Math.ceil(rows.length / 2) }, (_, half) => {
    const [upper, lower] = [rows[2 * half], rows[2 * half + 1]]
    const isKnown = before && half < before.rows.length && before.of[2 * half] === upper
    return isKnown && before.of[2 * half + 1] === lower ? before.rows[half] : halvedRow(upper, lower, half)
  })
}

/** Of rows 2 · half and 2 · half + 1, each up to the diagonal: [half + 1]. */
function halvedRow(
  upper: Float32Array | undefined,
  lower: Float32Array | undefined,
  half: number,
): Float32Array | undefined {
  if (!upper && !lower) return undefined
  const cells = new Float32Array(half + 1)
  for (const row of [upper, lower]) {
    for (let key = 0; row && key < row.length; key++) {
      const weight = row[key]!
      if (weight > cells[key >> 1]!) cells[key >> 1] = weight
    }
  }
  return cells
}
