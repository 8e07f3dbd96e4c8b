/** Two distributions over the next token, before and after a change to the model. */

export interface Comparison {
  /** Σ p ln(p / q) of the model as it is, p, and as it was changed, q; nats. */
  readonly kl: number
  /** The likeliest of either, by the larger of both probabilities. */
  readonly tokens: readonly { readonly id: number; readonly before: number; readonly after: number }[]
}

/** ln p of each token. Logits may be −∞. */
function logSoftmax(logits: Float32Array): Float64Array {
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  let sum = 0
  for (const logit of logits) sum += Math.exp(logit - most)
  const shift = most + Math.log(sum)
  return Float64Array.from(logits, (logit) => logit - shift)
}

/** Of logits over the same vocabulary; `top` of each are named. */
export function compare(before: Float32Array, after: Float32Array, top: number): Comparison {
  const [p, q] = [logSoftmax(before), logSoftmax(after)]
  let kl = 0
  for (const [id, logarithm] of p.entries()) {
    const share = Math.exp(logarithm)
    if (share > 0) kl += share * (logarithm - q[id]!)
  }
  const likeliest = (of: Float64Array) =>
    Array.from(of.keys())
      .sort((a, b) => of[b]! - of[a]! || a - b)
      .slice(0, top)
  const tokens = [...new Set([...likeliest(p), ...likeliest(q)])].map((id) => ({
    id,
    before: Math.exp(p[id]!),
    after: Math.exp(q[id]!),
  }))
  const larger = (token: { before: number; after: number }) => Math.max(token.before, token.after)
  return { kl: Math.max(0, kl), tokens: tokens.sort((a, b) => larger(b) - larger(a)) }
}
