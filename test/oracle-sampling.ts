/** How a token is drawn, in plain loops and float64: what the sampler must agree with. */

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
