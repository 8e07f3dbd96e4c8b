/** One head, one query, step by step: out = Σ softmax(q·k · scale)·v over the tokens that the query may see. */
import type { HeadVectors } from '../../../index.ts'

export const STEPS = ['query', 'keys', 'values', 'scores', 'scaled', 'masked', 'weights', 'output'] as const
export type Step = (typeof STEPS)[number]

/** A tour shows the beginning of a long text: so many tokens fit a screen. */
export const TOUR_TOKENS = 24

/** Numbers of each key, [positions], but for the output. */
export interface HeadSteps {
  readonly scores: Float32Array
  readonly scaled: Float32Array
  /** As the model has them before softmax: −∞ where the query cannot see. */
  readonly masked: Float32Array
  /** Scores that can be seen are not the scaled ones: the model caps them, or takes off for distance. */
  readonly isBent: boolean
  readonly weights: Float32Array
  /** [headDim] */
  readonly output: Float32Array
}

export const rowOf = (vectors: Float32Array, row: number, positions: number): Float32Array => {
  const size = vectors.length / positions
  return vectors.subarray(row * size, (row + 1) * size)
}

const BENT = 1e-3 // of the largest score: far above what rounding makes

/** @param vectors of each position, the first to the last, in order: the last of them knows all keys */
export function stepsOf(vectors: readonly HeadVectors[], query: number): HeadSteps | undefined {
  const [asker, last] = [vectors[query], vectors.at(-1)]
  if (!asker || !last) return undefined
  const positions = vectors.length
  const each = (of: (key: number) => number) => Float32Array.from({ length: positions }, (_, key) => of(key))
  const scores = each((key) => rowOf(last.keys, key, positions).reduce((sum, n, i) => sum + n * asker.query[i]!, 0))
  const scaled = each((key) => scores[key]! * asker.scale)
  const masked = each((key) => asker.scores[key] ?? Number.NEGATIVE_INFINITY)
  const most = scaled.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-6)
  const isBent = masked.some((score, key) => Number.isFinite(score) && Math.abs(score - scaled[key]!) > BENT * most)
  return { scores, scaled, masked, isBent, weights: each((key) => asker.weights[key] ?? 0), output: asker.output }
}
