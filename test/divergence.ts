/** How far a model's predictions of a text are from another's with the same words: what rounding its weights costs. */
import type { Model } from '../src/engine/types.ts'

export interface Divergence {
  /** Predictions compared: every token of the text, but the first of each piece. */
  readonly tokens: number
  /** Kullback–Leibler divergence of a prediction from the reference's, in nats. */
  readonly mean: number
  readonly median: number
  /** 99 of 100 predictions are below. */
  readonly high: number
  /** Share of predictions whose likeliest token is the reference's. */
  readonly sameTop: number
  /** Of the text: e to the mean negative log probability of its tokens. */
  readonly perplexity: number
  readonly referencePerplexity: number
}

/** Between the documents of a text. */
const BREAK = /^---$/m

/** Logits of a piece that are held at a time, for each of two models. */
const MOST_LOGITS = 1 << 26

/** Token ids of a text's documents, cut where the context ends. */
export function piecesOf(text: string, { tokenizer, info }: Model): number[][] {
  const most = Math.min(info.context, Math.floor(MOST_LOGITS / info.vocab))
  return text.split(BREAK).flatMap((document) => {
    const ids = tokenizer.encode(document.trim())
    return Array.from({ length: Math.ceil(ids.length / most) }, (_, i) => ids.slice(i * most, (i + 1) * most))
  })
}

/**
 * @param pieces token ids; at least one piece has two
 * @param options.stepwise the model predicts one token after the other, as when it writes
 */
export async function divergence(
  model: Model,
  reference: Model,
  pieces: readonly (readonly number[])[],
  { stepwise = false } = {},
): Promise<Divergence> {
  const { vocab } = reference.info
  const each: number[] = []
  let [same, surprise, referenceSurprise] = [0, 0, 0]
  for (const ids of pieces) {
    const { logits: wanted } = await reference.forward(ids, { logits: 'all' })
    const { logits: found } = await model.forward(ids, { logits: 'all', stepwise })
    ids.slice(1).forEach((next, row) => {
      const p = logProbabilities(wanted.subarray(row * vocab, (row + 1) * vocab))
      const q = logProbabilities(found.subarray(row * vocab, (row + 1) * vocab))
      each.push(p.reduce((sum, log, i) => sum + Math.exp(log) * (log - q[i]!), 0))
      same += Number(likeliest(p) === likeliest(q))
      referenceSurprise -= p[next]!
      surprise -= q[next]!
    })
  }
  const tokens = each.length
  const sorted = each.toSorted((a, b) => a - b)
  return {
    tokens,
    mean: each.reduce((sum, kl) => sum + kl, 0) / tokens,
    median: sorted[Math.floor(tokens / 2)]!,
    high: sorted[Math.floor(tokens * 0.99)]!,
    sameTop: same / tokens,
    perplexity: Math.exp(surprise / tokens),
    referencePerplexity: Math.exp(referenceSurprise / tokens),
  }
}

function logProbabilities(logits: Float32Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b))
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0)
  const base = largest + Math.log(sum)
  return Float64Array.from(logits, (logit) => logit - base)
}

const likeliest = (logs: Float64Array): number => logs.indexOf(logs.reduce((a, b) => Math.max(a, b)))
