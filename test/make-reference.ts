/** A reference folder of a family that transformers does not write: random weights, and what the float64 decoder computes. */
import { greedyIds, type MadeModel, makeModel, randomIds } from './made-model.ts'
import { writeSafetensors } from './safetensors.ts'

const PROMPTS = [5, 1, 17, 31]
const GREEDY = 24

/** The two best logits never come nearer on the way, so that rounding cannot flip a token. */
const MARGIN = 2e-3

/** @returns what `model.safetensors` and `golden.json` hold, in the form that README.md describes */
export function makeReference(config: object) {
  for (let seed = 0; seed < 20; seed++) {
    const made = makeModel(config, seed)
    const cases = PROMPTS.map((count, n) => caseOf(made, randomIds(count, made.spec.vocab, seed + n), n === 0))
    if (cases.some(({ greedyMargin }) => greedyMargin < MARGIN)) continue
    const golden = { family: made.spec.family, seed, dtype: 'float64', cases: cases.map(rounded) }
    return { weights: writeSafetensors(made.tensors), golden }
  }
  throw new Error('no seed keeps the two best logits apart')
}

function caseOf(made: MadeModel, prompt: readonly number[], full: boolean) {
  const { vocab, attention } = made.spec
  const { logits, attentions } = made.decode(prompt)
  const { greedy, margin } = greedyIds(made, prompt, GREEDY)
  const maps = attentions.map((weights) => rows(rows(weights, prompt.length), prompt.length))
  if (maps.some((heads) => heads.length !== attention.heads))
    throw new Error('an attention map for each head was expected')
  return {
    prompt,
    lastLogits: [...logits.slice(-vocab)],
    ...(full && { allLogits: rows(logits, vocab), attentions: maps }),
    greedy,
    greedyMargin: margin,
  }
}

/** A flat array as rows of `width`. */
function rows<T>(flat: ArrayLike<T>, width: number): T[][] {
  return Array.from({ length: flat.length / width }, (_, row) =>
    Array.from({ length: width }, (_, i) => flat[row * width + i]!),
  )
}

/** Six digits after the point, as the other goldens have. */
const rounded = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === 'number' ? Math.round(part * 1e6) / 1e6 : part,
  ) as T
