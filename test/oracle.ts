/**
 * Every operation of the decoder in plain loops and float64: what each kernel must agree with. Clear
 * first, never fast. Matrices are flat, row after row, without padding.
 */

/** y = x · rsqrt(mean(x²) + eps) · weight, row by row. x: [rows, weight.length] */
export function rmsnorm(x: ArrayLike<number>, weight: ArrayLike<number>, eps: number): Float64Array {
  const width = weight.length
  const y = new Float64Array(x.length)
  for (let row = 0; row < x.length; row += width) {
    let sum = 0
    for (let i = 0; i < width; i++) sum += x[row + i]! ** 2
    const scale = 1 / Math.sqrt(sum / width + eps)
    for (let i = 0; i < width; i++) y[row + i] = x[row + i]! * scale * weight[i]!
  }
  return y
}

/** y = x · weightᵀ (+ bias) (+ residual). x: [rows, inWidth], weight: [outWidth, inWidth], residual, y: [rows, outWidth] */
export function linear(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  inWidth: number,
  {
    bias,
    residual,
  }: { readonly bias?: ArrayLike<number> | undefined; readonly residual?: ArrayLike<number> | undefined } = {},
): Float64Array {
  const rows = x.length / inWidth
  const outWidth = weight.length / inWidth
  const y = new Float64Array(rows * outWidth)
  for (let row = 0; row < rows; row++) {
    for (let out = 0; out < outWidth; out++) {
      let sum = (bias?.[out] ?? 0) + (residual?.[row * outWidth + out] ?? 0)
      for (let i = 0; i < inWidth; i++) sum += x[row * inWidth + i]! * weight[out * inWidth + i]!
      y[row * outWidth + out] = sum
    }
  }
  return y
}

/** y[row] = scale · table[ids[row]] (+ positions[firstPosition + row]). table: [vocab, width], positions: […, width] */
export function embed(
  ids: readonly number[],
  table: ArrayLike<number>,
  width: number,
  {
    scale = 1,
    positions,
    firstPosition = 0,
  }: {
    readonly scale?: number
    readonly positions?: ArrayLike<number> | undefined
    readonly firstPosition?: number
  } = {},
): Float64Array {
  return Float64Array.from({ length: ids.length * width }, (_, at) => {
    const row = Math.floor(at / width)
    const i = at % width
    return scale * table[ids[row]! * width + i]! + (positions?.[(firstPosition + row) * width + i] ?? 0)
  })
}

/** softcap(scale · x · weightᵀ + bias), where softcap(l) = c · tanh(l / c), or l when c is 0. x: [rows, width] */
export function logits(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  width: number,
  {
    scale = 1,
    softcap = 0,
    bias,
  }: { readonly scale?: number; readonly softcap?: number; readonly bias?: ArrayLike<number> | undefined } = {},
): Float64Array {
  const scaled = Float64Array.from(x, (value) => scale * value)
  return linear(scaled, weight, width, { bias }).map((l) => (softcap > 0 ? softcap * Math.tanh(l / softcap) : l))
}

/** y = (x − mean(x)) · rsqrt(var(x) + eps) · weight + bias, row by row. x: [rows, weight.length] */
export function layernorm(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  eps: number,
): Float64Array {
  const width = weight.length
  const y = new Float64Array(x.length)
  for (let row = 0; row < x.length; row += width) {
    let mean = 0
    for (let i = 0; i < width; i++) mean += x[row + i]! / width
    let variance = 0
    for (let i = 0; i < width; i++) variance += (x[row + i]! - mean) ** 2 / width
    const scale = 1 / Math.sqrt(variance + eps)
    for (let i = 0; i < width; i++) y[row + i] = (x[row + i]! - mean) * scale * weight[i]! + bias[i]!
  }
  return y
}

/**
 * x with pairs of dims of each head turned by an angle in radians. x: [rows, heads, headDim]. Of each head the first
 * rotaryDim dims turn: (i, i + rotaryDim / 2) together, or interleaved (2i, 2i + 1).
 */
export function rope(
  x: ArrayLike<number>,
  {
    heads,
    headDim,
    rotaryDim,
    pairing,
  }: { heads: number; headDim: number; rotaryDim: number; pairing: 'half' | 'interleaved' },
  angle: (row: number, pair: number) => number,
): Float64Array {
  const y = Float64Array.from(x)
  for (let start = 0; start < x.length; start += headDim) {
    const row = Math.floor(start / (heads * headDim))
    for (let pair = 0; pair < rotaryDim / 2; pair++) {
      const a = start + (pairing === 'half' ? pair : 2 * pair)
      const b = pairing === 'half' ? a + rotaryDim / 2 : a + 1
      const [cos, sin] = [Math.cos(angle(row, pair)), Math.sin(angle(row, pair))]
      y[a] = x[a]! * cos - x[b]! * sin
      y[b] = x[b]! * cos + x[a]! * sin
    }
  }
  return y
}

/**
 * softmax(scale · x) over the keys that `visible` lets through; 0 for the others, and for rows that see none.
 * x: [rows, keys]
 */
export function softmax(
  x: ArrayLike<number>,
  keys: number,
  scale: number,
  visible: (row: number, key: number) => boolean,
): Float64Array {
  const y = new Float64Array(x.length)
  for (let row = 0; row < x.length / keys; row++) {
    let largest = Number.NEGATIVE_INFINITY
    for (let key = 0; key < keys; key++)
      if (visible(row, key)) largest = Math.max(largest, scale * x[row * keys + key]!)
    let sum = 0
    for (let key = 0; key < keys; key++) {
      if (!visible(row, key)) continue
      y[row * keys + key] = Math.exp(scale * x[row * keys + key]! - largest)
      sum += y[row * keys + key]!
    }
    for (let key = 0; key < keys; key++) y[row * keys + key]! /= sum || 1
  }
  return y
}

export interface AttentionOptions {
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
  readonly scale: number
  /** Position of row 0. Default 0. */
  readonly position?: number
  /** A query sees this many keys, itself included. Default 0: all before it. */
  readonly window?: number
  readonly softcap?: number
  /** Keys at the start that nobody sees. Default 0. */
  readonly padding?: number
}

/**
 * Causal attention. q: [rows, heads, headDim]; k, v: [position + rows, kvHeads, headDim].
 * scores, weights: [heads, rows, keys], scores before the mask; y: [rows, heads, headDim].
 */
export function attention(
  q: ArrayLike<number>,
  k: ArrayLike<number>,
  v: ArrayLike<number>,
  { heads, kvHeads, headDim, scale, position = 0, window = 0, softcap = 0, padding = 0 }: AttentionOptions,
): { scores: Float64Array; weights: Float64Array; y: Float64Array } {
  const rows = q.length / heads / headDim
  const keys = k.length / kvHeads / headDim
  const kvStart = (head: number, key: number) => (key * kvHeads + Math.floor(head / (heads / kvHeads))) * headDim
  const scores = new Float64Array(heads * rows * keys)
  for (let head = 0; head < heads; head++) {
    for (let row = 0; row < rows; row++) {
      for (let key = 0; key < keys; key++) {
        let dot = 0
        for (let i = 0; i < headDim; i++) dot += q[(row * heads + head) * headDim + i]! * k[kvStart(head, key) + i]!
        const score = dot * scale
        scores[(head * rows + row) * keys + key] = softcap ? softcap * Math.tanh(score / softcap) : score
      }
    }
  }
  const weights = softmax(scores, keys, 1, (line, key) => {
    const query = position + (line % rows)
    return key <= query && key >= padding && (window === 0 || key > query - window)
  })
  const y = new Float64Array(q.length)
  for (let head = 0; head < heads; head++) {
    for (let row = 0; row < rows; row++) {
      for (let key = 0; key < keys; key++) {
        const weight = weights[(head * rows + row) * keys + key]!
        for (let i = 0; i < headDim; i++) y[(row * heads + head) * headDim + i]! += weight * v[kvStart(head, key) + i]!
      }
    }
  }
  return { scores, weights, y }
}

/** The error function, as e^(−x²) times a series. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  // 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!: all terms of one sign, so nothing cancels.
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

/** Activation functions by name, number by number. */
export const activations = {
  gelu: (x: number) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  'gelu-tanh': (x: number) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  silu: (x: number) => x * sigmoid(x),
  relu: (x: number) => Math.max(x, 0),
  relu2: (x: number) => Math.max(x, 0) ** 2,
  'quick-gelu': (x: number) => x * sigmoid(1.702 * x),
} as const

/** What makes one id likelier or less likely than its logit says. */
export interface Adjustments {
  readonly bias?: ReadonlyMap<number, number>
  readonly prompt?: readonly number[]
  readonly generated?: readonly number[]
  readonly repetition?: number
  readonly presence?: number
  readonly frequency?: number
}

/** Logits after bias, then repetition penalty, then presence and frequency penalty. −∞: banned. */
export function adjustLogits(
  logits: ArrayLike<number>,
  { bias, prompt = [], generated = [], repetition = 1, presence = 0, frequency = 0 }: Adjustments,
): Float64Array {
  const l = Float64Array.from(logits)
  for (const [id, added] of bias ?? []) l[id]! += added
  for (const id of new Set([...prompt, ...generated])) l[id] = l[id]! > 0 ? l[id]! / repetition : l[id]! * repetition
  for (const id of new Set(generated)) l[id]! -= presence
  for (const id of generated) l[id]! -= frequency
  return l
}

export interface Truncation {
  readonly temperature: number
  /** 0: all. */
  readonly topK?: number
  readonly topP?: number
  readonly minP?: number
}

/** The ids that sampling may draw, likeliest first, the lowest first among equals: top-k, then top-p, then min-p. */
export function candidates(l: ArrayLike<number>, { temperature, topK = 0, topP = 1, minP = 0 }: Truncation): number[] {
  let ids = Array.from({ length: l.length }, (_, id) => id).filter((id) => l[id]! > Number.NEGATIVE_INFINITY)
  ids.sort((a, b) => l[b]! - l[a]! || a - b)
  if (temperature === 0) return ids.slice(0, 1)
  const weight = (id: number) => Math.exp((l[id]! - l[ids[0]!]!) / temperature)
  if (topK > 0) ids = ids.slice(0, topK)
  if (topP < 1) {
    const target = topP * ids.reduce((sum, id) => sum + weight(id), 0)
    let kept = 0
    for (let mass = 0; kept < ids.length && (kept === 0 || mass < target); kept++) mass += weight(ids[kept]!)
    ids = ids.slice(0, kept)
  }
  return ids.filter((id) => weight(id) >= minP)
}

/** 32 random bits for four words: pcg4d of Jarzynski and Olano, "Hash Functions for GPU Rendering" (JCGT 9(3), 2020). */
export function hash(a: number, b: number, c: number, d: number): number {
  let [x, y, z, w] = [a, b, c, d].map((word) => (Math.imul(word, 1664525) + 1013904223) >>> 0) as [
    number,
    number,
    number,
    number,
  ]
  const round = () => {
    x = (x + Math.imul(y, w)) >>> 0
    y = (y + Math.imul(z, x)) >>> 0
    z = (z + Math.imul(x, y)) >>> 0
    w = (w + Math.imul(y, z)) >>> 0
  }
  round()
  x ^= x >>> 16
  y ^= y >>> 16
  z ^= z >>> 16
  w ^= w >>> 16
  round()
  return w
}

/** When `id` finishes the exponential race: −ln(1 − u) / exp((l − top) / temperature). The first one is drawn. */
export function raceTime(seed: readonly [number, number], position: number, id: number, x: number): number {
  const u = (hash(seed[0], seed[1], position, id) + 0.5) / 2 ** 32
  return -Math.log1p(-u) / Math.exp(x)
}

/** Natural logarithm of softmax(logits)[id]. */
export function logprob(logits: ArrayLike<number>, id: number): number {
  let top = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logits.length; i++) top = Math.max(top, logits[i]!)
  let sum = 0
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i]! - top)
  return logits[id]! - top - Math.log(sum)
}
