/** How fast a model reads and writes, and where the time goes: through the public interface of the library. */
import { HeadlightError, type Model, type Profile } from '../index.ts'

/** Texts of these lengths, as far as the model's context goes. */
const LENGTHS = [128, 1024, 4096]
const MOST_WRITTEN = 32
const MOST_ROUNDS = 4
/** A length ends early after this long, and one that would take the other is left out. */
const ENOUGH_MS = 8000
const TOO_LONG_MS = 60_000

/** Tokens of a prompt whose kernels are timed. */
const PROMPT_ROWS = 128

export interface Speed {
  /** Tokens of prompt and text. */
  readonly length: number
  /** Tokens a second. */
  readonly reads: number
  readonly writes: number
  /** Milliseconds until the first token. */
  readonly firstMs: number
}

export interface TimedStep {
  readonly rows: number
  readonly position: number
  readonly profile: Profile
}

export interface Measured {
  /** The best of a few rounds: the others were disturbed. At least one. */
  readonly speeds: readonly Speed[]
  /** Lengths that would take too long. */
  readonly leftOut: readonly number[]
  /** Empty where this browser does not tell how long kernels take. */
  readonly steps: readonly TimedStep[]
}

export type Progress =
  | { readonly kind: 'compile' | 'kernels' }
  | { readonly kind: 'speed'; readonly length: number; readonly round: number; readonly share: number }

/** @throws HeadlightError; the signal's reason */
export async function measure(
  model: Model,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Measured> {
  const { context, vocab } = model.info
  onProgress({ kind: 'compile' })
  await model.forward(idsOf(Math.min(8, context), 0, vocab), { signal }) // waits for the kernels that read prompts

  const lengths = [...new Set(LENGTHS.map((length) => Math.min(length, context)))]
  const speeds: Speed[] = []
  const leftOut: number[] = []
  for (const [i, length] of lengths.entries()) {
    const known = speeds.at(-1)
    if (known && (length / known.reads) * 1000 > TOO_LONG_MS) {
      leftOut.push(length)
      continue
    }
    speeds.push(
      await speedAt(model, length, signal, (round) => {
        const share = (i + (round - 1) / MOST_ROUNDS) / lengths.length
        onProgress({ kind: 'speed', length, round, share })
      }),
    )
  }
  onProgress({ kind: 'kernels' })
  const shortest = lengths[0]!
  const steps = [
    { rows: 1, position: shortest - 1 },
    { rows: Math.min(PROMPT_ROWS, shortest), position: 0 },
  ]
  return { speeds, leftOut, steps: await timed(model, steps, signal) }
}

async function speedAt(
  model: Model,
  length: number,
  signal: AbortSignal,
  onRound: (round: number) => void,
): Promise<Speed> {
  const maxTokens = Math.max(2, Math.min(MOST_WRITTEN, Math.floor(length / 4)))
  const promptTokens = length - maxTokens
  const session = model.session()
  let firstMs = Number.POSITIVE_INFINITY
  let restMs = Number.POSITIVE_INFINITY
  try {
    const start = performance.now()
    // Drivers compile when a kernel first runs: one round is not enough.
    for (let round = 1; round <= 2 || (round <= MOST_ROUNDS && performance.now() - start < ENOUGH_MS); round++) {
      onRound(round)
      const prompt = idsOf(promptTokens, round, model.info.vocab)
      const asked = performance.now()
      let first = 0
      const options = { maxTokens, temperature: 0.8, topK: 40, seed: 1, ignoreEndOfText: true, signal }
      for await (const _ of session.generate(prompt, options)) first ||= performance.now()
      firstMs = Math.min(firstMs, first - asked)
      restMs = Math.min(restMs, performance.now() - first)
    }
  } finally {
    session.destroy()
  }
  return {
    length,
    reads: (promptTokens / firstMs) * 1000,
    writes: ((maxTokens - 1) / restMs) * 1000,
    firstMs,
  }
}

async function timed(
  model: Model,
  steps: readonly Omit<TimedStep, 'profile'>[],
  signal: AbortSignal,
): Promise<readonly TimedStep[]> {
  try {
    const found: TimedStep[] = []
    for (const step of steps) found.push({ ...step, profile: await model.profile({ ...step, signal }) })
    return found
  } catch (error) {
    if (error instanceof HeadlightError && error.code === 'unsupported') return []
    throw error
  }
}

/** Token ids of a prompt that shares no beginning with that of another round. */
const idsOf = (count: number, round: number, vocab: number): number[] =>
  Array.from({ length: count }, (_, i) => (i * 37 + round * 101 + 11) % vocab)
