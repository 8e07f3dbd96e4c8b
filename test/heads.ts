/** Heads of a fused projection in float64, and the tables that they turn by. */
import type { HeadsShape } from '../shaders/heads.ts'
import { wave } from './numbers.ts'
import * as oracle from './oracle.ts'

const angleOf = ({ rotaryDim }: HeadsShape, position: number, pair: number) =>
  position * 10000 ** ((-2 * pair) / rotaryDim)

/** [skipped + positions, rotaryDim / 2] of (cos, sin); what is to be skipped is of no use. */
export function ropeTable(shape: HeadsShape, positions: number, skipped = 0): Float32Array<ArrayBuffer> {
  const pairs = shape.rotaryDim / 2
  const table = new Float32Array(Math.max(2, (skipped + positions) * pairs * 2)).fill(9)
  for (let i = 0; i < positions * pairs; i++) {
    const angle = angleOf(shape, Math.floor(i / pairs), i % pairs)
    table.set([Math.cos(angle), Math.sin(angle)], 2 * (skipped * pairs + i))
  }
  return table
}

/** What the norms of q and k multiply with: [headDim], or [heads, headDim]. */
export function gainsOf({ heads, kvHeads, headDim, norm }: HeadsShape) {
  const each = norm !== null && norm.over !== 'head'
  return { q_gain: wave((each ? heads : 1) * headDim, 0.3), k_gain: wave((each ? kvHeads : 1) * headDim, 0.45) }
}

/** q: [rows, heads, headDim], k and v: [rows, kvHeads, headDim], normed, cut off and turned. qkv: [rows, all heads, headDim] */
export function headsOf(qkv: ArrayLike<number>, rows: number, shape: HeadsShape, position: number) {
  const { heads, kvHeads, headDim, norm, clip } = shape
  const stride = (heads + 2 * kvHeads) * headDim
  const gains = gainsOf(shape)
  let normed: Float64Array = Float64Array.from({ length: rows * stride }, (_, i) => qkv[i]!)
  if (norm) {
    for (const [start, count, gain] of [
      [0, heads, gains.q_gain],
      [heads * headDim, kvHeads, gains.k_gain],
    ] as const) {
      const groups = norm.over === 'width' ? { count: 1, size: count * headDim } : { count, size: headDim }
      const weight = Float64Array.from({ length: count * headDim }, (_, i) =>
        norm.gained ? norm.offset + gain[i % gain.length]! : 1,
      )
      normed = oracle.headNorm(normed, weight, { stride, start, ...groups, kind: norm.kind, eps: norm.eps })
    }
  }
  const cut = oracle.clip(normed, clip || Number.POSITIVE_INFINITY)
  const part = (first: number, count: number) =>
    Float64Array.from({ length: rows * count * headDim }, (_, i) => {
      const row = Math.floor(i / (count * headDim))
      return cut[row * stride + first * headDim + (i % (count * headDim))]!
    })
  const turned = (first: number, count: number) =>
    oracle.rope(part(first, count), { ...shape, heads: count }, (row, pair) => angleOf(shape, position + row, pair))
  return { q: turned(0, heads), k: turned(heads, kvHeads), v: part(heads + kvHeads, kvHeads) }
}
