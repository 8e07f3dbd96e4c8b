/** What a token's colour can stand for. */
import type { Probability } from '../../../index.ts'
import type { RampName } from '../colour/ramps.ts'
import type { Unit } from './units.ts'

export const MEASURES = ['probability', 'surprise', 'rank'] as const satisfies readonly RampName[]
export type Measure = (typeof MEASURES)[number]

/** Of each position; absent where the model said nothing: the first, or not looked at. */
export type SeenTokens = readonly (Probability | undefined)[]

/** Of tokens that share a character, together: their probabilities multiply, and the worst rank counts. */
export function measured({ from, to }: Unit, seen: SeenTokens, measure: Measure): number | undefined {
  const parts = seen.slice(from, to)
  let [logprob, rank] = [0, 0]
  for (const part of parts) {
    if (!part) return undefined
    logprob += part.logprob
    rank = Math.max(rank, part.rank)
  }
  if (parts.length < to - from) return undefined
  return measure === 'rank' ? rank : measure === 'surprise' ? Math.max(0, -logprob) : Math.exp(logprob)
}
