import type { Candidate, Probability } from '../../../index.ts'
import type { ShownToken } from './units.ts'

export interface CandidateRow {
  readonly candidate: Candidate
  /** Probabilities: the model's own, and as it was drawn from; absent where nobody said. */
  readonly model: number | undefined
  readonly drawn: number | undefined
  /** The token that stands in the text. */
  readonly isTaken: boolean
}

/** The likeliest tokens before and after the options of sampling, by the model's own order; and the one that was taken. */
export function candidateRows({ id, text }: ShownToken, { logprob, top, drawn }: Probability): CandidateRow[] {
  const candidates = new Map<number, Candidate>(top.map((candidate) => [candidate.id, candidate]))
  for (const candidate of drawn?.top ?? []) {
    if (!candidates.has(candidate.id)) candidates.set(candidate.id, candidate)
  }
  if (!candidates.has(id)) candidates.set(id, { id, text, logprob })
  const own = new Map(top.map((candidate) => [candidate.id, candidate.logprob])).set(id, logprob)
  const after = new Map(drawn?.top.map((candidate) => [candidate.id, candidate.logprob]))
  if (drawn) after.set(id, drawn.logprob)
  const share = (logarithm: number | undefined) => (logarithm === undefined ? undefined : Math.exp(logarithm))
  return [...candidates.values()].map((candidate) => ({
    candidate,
    model: share(own.get(candidate.id)),
    drawn: share(after.get(candidate.id)),
    isTaken: candidate.id === id,
  }))
}
