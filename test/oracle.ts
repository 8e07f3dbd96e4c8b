/**
 * Every operation of the decoder in plain loops and float64: what each kernel must agree with. Clear
 * first, never fast. Matrices are flat, row after row, without padding.
 */

/** y = x · rsqrt(mean(x²) + eps) · (offset + weight), row by row. x: [rows, weight.length] */
export function rmsnorm(x: ArrayLike<number>, weight: ArrayLike<number>, eps: number, offset = 0): Float64Array {
  const width = weight.length
  const y = new Float64Array(x.length)
  for (let row = 0; row < x.length; row += width) {
    let sum = 0
    for (let i = 0; i < width; i++) sum += x[row + i]! ** 2
    const scale = 1 / Math.sqrt(sum / width + eps)
    for (let i = 0; i < width; i++) y[row + i] = x[row + i]! * scale * (offset + weight[i]!)
  }
  return y
}

/**
 * y = scale · (x · weightᵀ (+ bias)) (+ residual). x: [rows, inWidth], weight: [outWidth, inWidth],
 * residual, y: [rows, outWidth]
 */
export function linear(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  inWidth: number,
  {
    bias,
    residual,
    scale = 1,
  }: {
    readonly bias?: ArrayLike<number> | undefined
    readonly residual?: ArrayLike<number> | undefined
    readonly scale?: number
  } = {},
): Float64Array {
  const rows = x.length / inWidth
  const outWidth = weight.length / inWidth
  const y = new Float64Array(rows * outWidth)
  for (let row = 0; row < rows; row++) {
    for (let out = 0; out < outWidth; out++) {
      let sum = bias?.[out] ?? 0
      for (let i = 0; i < inWidth; i++) sum += x[row * inWidth + i]! * weight[out * inWidth + i]!
      y[row * outWidth + out] = scale * sum + (residual?.[row * outWidth + out] ?? 0)
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

/** y = (x − mean(x)) · rsqrt(var(x) + eps) · (offset + weight) + bias, row by row. x: [rows, weight.length] */
export function layernorm(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  eps: number,
  offset = 0,
): Float64Array {
  const width = weight.length
  const y = new Float64Array(x.length)
  for (let row = 0; row < x.length; row += width) {
    let mean = 0
    for (let i = 0; i < width; i++) mean += x[row + i]! / width
    let variance = 0
    for (let i = 0; i < width; i++) variance += (x[row + i]! - mean) ** 2 / width
    const scale = 1 / Math.sqrt(variance + eps)
    for (let i = 0; i < width; i++) y[row + i] = (x[row + i]! - mean) * scale * (offset + weight[i]!) + bias[i]!
  }
  return y
}

/**
 * x: [rows, stride] with a norm over each of `count` groups of `size` numbers, which begin at number `start` of a row.
 * weight: [count, size], offset included; 'layer' norms have no bias.
 */
export function headNorm(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  { stride, start, count, size, kind, eps }: HeadNormOptions,
): Float64Array {
  const y = Float64Array.from(x)
  for (let row = 0; row < x.length; row += stride) {
    for (let group = 0; group < count; group++) {
      const at = row + start + group * size
      const part = y.slice(at, at + size)
      const w = Float64Array.from({ length: size }, (_, i) => weight[group * size + i]!)
      y.set(kind === 'rms' ? rmsnorm(part, w, eps) : layernorm(part, w, new Float64Array(size), eps), at)
    }
  }
  return y
}

export interface HeadNormOptions {
  readonly stride: number
  readonly start: number
  readonly count: number
  readonly size: number
  readonly kind: 'rms' | 'layer'
  readonly eps: number
}

/** x, cut off at ±limit. */
export const clip = (x: ArrayLike<number>, limit: number): Float64Array =>
  Float64Array.from(x, (value) => Math.min(Math.max(value, -limit), limit))

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
 * softmax(scale · x) over the keys that `visible` lets through; 0 for the others, and for rows that see none. A sink is
 * one more score of the row, not scaled, without a place in the result. x: [rows, keys]
 */
export function softmax(
  x: ArrayLike<number>,
  keys: number,
  scale: number,
  visible: (row: number, key: number) => boolean,
  sink: (row: number) => number = () => Number.NEGATIVE_INFINITY,
): Float64Array {
  const y = new Float64Array(x.length)
  for (let row = 0; row < x.length / keys; row++) {
    let largest = sink(row)
    for (let key = 0; key < keys; key++)
      if (visible(row, key)) largest = Math.max(largest, scale * x[row * keys + key]!)
    let sum = largest === Number.NEGATIVE_INFINITY ? 0 : Math.exp(sink(row) - largest)
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
  /** [heads]; slope · (key position − query position) is added to a score. */
  readonly slopes?: ArrayLike<number> | undefined
  /** [heads]; one more score per head, which has no value. */
  readonly sinks?: ArrayLike<number> | undefined
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
  {
    heads,
    kvHeads,
    headDim,
    scale,
    position = 0,
    window = 0,
    softcap = 0,
    slopes,
    sinks,
    padding = 0,
  }: AttentionOptions,
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
        const capped = softcap ? softcap * Math.tanh(score / softcap) : score
        scores[(head * rows + row) * keys + key] = capped + (slopes?.[head] ?? 0) * (key - position - row)
      }
    }
  }
  const visible = (line: number, key: number) => {
    const query = position + (line % rows)
    return key <= query && key >= padding && (window === 0 || key > query - window)
  }
  const sink = (line: number) => sinks?.[Math.floor(line / rows)] ?? Number.NEGATIVE_INFINITY
  const weights = softmax(scores, keys, 1, visible, sink)
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

/** gpt-oss's gated activation: (up + 1) · gate · σ(1.702 gate), with gate cut off above 7 and up at ±7. */
export function clampedSwiglu(gate: number, up: number): number {
  const g = Math.min(gate, 7)
  return (Math.min(Math.max(up, -7), 7) + 1) * g * sigmoid(1.702 * g)
}

/** act(x), or act(gate) · up of rows of gate, then up. x: [rows, width or 2 · width] → [rows, width]; undefined: x. */
export function activate(
  x: ArrayLike<number>,
  width: number,
  form: { readonly kind: keyof typeof activations | 'clamped-swiglu'; readonly gated: boolean } | undefined,
): Float64Array {
  const act = form && form.kind !== 'clamped-swiglu' ? activations[form.kind] : (value: number) => value
  if (!form?.gated) return Float64Array.from(x, act)
  return Float64Array.from({ length: x.length / 2 }, (_, i) => {
    const gate = Math.floor(i / width) * 2 * width + (i % width)
    const [g, up] = [x[gate]!, x[gate + width]!]
    return form.kind === 'clamped-swiglu' ? clampedSwiglu(g, up) : act(g) * up
  })
}

/** Expert ids and their weights: [rows, active]. */
export interface Routes {
  readonly ids: readonly number[]
  readonly weights: ArrayLike<number>
}

/** The `active` experts with the largest logits of each row, best first, the lowest id first among equals. */
export function route(
  logits: ArrayLike<number>,
  experts: number,
  active: number,
  softmaxOver: 'all' | 'active',
): Routes {
  const ids: number[] = []
  const weights: number[] = []
  for (let row = 0; row < logits.length; row += experts) {
    const l = Array.from({ length: experts }, (_, id) => logits[row + id]!)
    const ranked = l.map((_, id) => id).sort((a, b) => l[b]! - l[a]! || a - b)
    const chosen = ranked.slice(0, active)
    const term = (id: number) => Math.exp(l[id]! - l[ranked[0]!]!)
    const total = (softmaxOver === 'all' ? ranked : chosen).reduce((sum, id) => sum + term(id), 0)
    ids.push(...chosen)
    weights.push(...chosen.map((id) => term(id) / total))
  }
  return { ids, weights }
}

interface ExpertsOptions {
  readonly inWidth: number
  readonly active: number
  /** [experts, outWidth] */
  readonly bias?: ArrayLike<number> | undefined
}

/** y[row, slot] = W_e · x[row] (+ b_e) for e = ids[row, slot]. weight: [experts, outWidth, inWidth], x: [rows, inWidth] */
export function spread(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  experts: number,
  ids: readonly number[],
  { inWidth, active, bias }: ExpertsOptions,
): Float64Array {
  const [xs, all, b] = [Float64Array.from(x), Float64Array.from(weight), bias && Float64Array.from(bias)]
  const outWidth = weight.length / experts / inWidth
  const y = new Float64Array(ids.length * outWidth)
  for (const [slot, e] of ids.entries()) {
    const row = Math.floor(slot / active) * inWidth
    const own = all.subarray(e * outWidth * inWidth, (e + 1) * outWidth * inWidth)
    const bias = b?.subarray(e * outWidth, (e + 1) * outWidth)
    y.set(linear(xs.subarray(row, row + inWidth), own, inWidth, { bias }), slot * outWidth)
  }
  return y
}

/** y[row] = scale · Σ weights[row, slot] · (W_e · x[row, slot] (+ b_e)) (+ residual[row]). x: [rows, active, inWidth] */
export function gather(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  experts: number,
  { ids, weights }: Routes,
  {
    scale = 1,
    residual,
    ...options
  }: ExpertsOptions & { readonly scale?: number; readonly residual?: ArrayLike<number> | undefined },
): Float64Array {
  const products = spread(x, weight, experts, ids, { ...options, active: 1 })
  const outWidth = products.length / ids.length
  return Float64Array.from({ length: products.length / options.active }, (_, at) => {
    const row = Math.floor(at / outWidth)
    let sum = 0
    for (let slot = row * options.active; slot < (row + 1) * options.active; slot++)
      sum += weights[slot]! * products[slot * outWidth + (at % outWidth)]!
    return scale * sum + (residual?.[at] ?? 0)
  })
}
