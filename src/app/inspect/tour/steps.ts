/** One head, one query, step by step: out = Σ softmax(q·k · scale)·v over the tokens that the query may see. */

export const STEPS = ['query', 'keys', 'values', 'scores', 'scaled', 'masked', 'weights', 'output'] as const
export type Step = (typeof STEPS)[number]

/** Of one head. Vectors are [positions, headDim]; v may be of another size. */
export interface HeadVectors {
  readonly positions: number
  readonly q: Float32Array
  readonly k: Float32Array
  readonly v: Float32Array
  /** What scores are multiplied with; absent: 1 / √headDim. */
  readonly scale?: number
  /** How far back the layer sees, the query itself included. */
  readonly window?: number
  /** ALiBi: what a score loses for each token of distance. */
  readonly slope?: number
}

/** Numbers of each key, [positions], but for the output. */
export interface HeadSteps {
  readonly headDim: number
  readonly scale: number
  readonly scores: Float32Array
  readonly scaled: Float32Array
  /** −∞ where the query cannot see. */
  readonly masked: Float32Array
  readonly weights: Float32Array
  /** [size of v] */
  readonly output: Float32Array
}

export const rowOf = (vectors: Float32Array, row: number, positions: number): Float32Array => {
  const size = vectors.length / positions
  return vectors.subarray(row * size, (row + 1) * size)
}

export function stepsOf({ positions, q, k, v, ...options }: HeadVectors, query: number): HeadSteps {
  const headDim = q.length / positions
  const { scale = 1 / Math.sqrt(headDim), window = positions, slope = 0 } = options
  const asker = rowOf(q, query, positions)
  const each = (of: (key: number) => number) => Float32Array.from({ length: positions }, (_, key) => of(key))
  const scores = each((key) => rowOf(k, key, positions).reduce((sum, number, i) => sum + number * asker[i]!, 0))
  const scaled = each((key) => scores[key]! * scale)
  const masked = each((key) => {
    const distance = query - key
    return distance >= 0 && distance < window ? scaled[key]! - slope * distance : Number.NEGATIVE_INFINITY
  })
  const most = Math.max(...masked)
  const exponentials = Float64Array.from(masked, (score) => Math.exp(score - most))
  const sum = exponentials.reduce((a, b) => a + b)
  const weights = each((key) => exponentials[key]! / sum)
  const output = new Float32Array(v.length / positions)
  for (const [key, weight] of weights.entries()) {
    for (const [i, number] of rowOf(v, key, positions).entries()) output[i]! += weight * number
  }
  return { headDim, scale, scores, scaled, masked, weights, output }
}
