/** Measuring in turns: subjects take the same step one after the other, round by round, and the best of each counts. */

/**
 * @typedef {import('./subject.ts').SubjectInfo} SubjectInfo
 * @typedef {import('../test/count.ts').Counts} Counts
 *
 * @typedef {object} Runner A subject, wherever it runs.
 * @property {string} name
 * @property {SubjectInfo} info
 * @property {(tokens: number, round: number) => Promise<number>} prefill
 * @property {(tokens: number) => Promise<number>} decode
 * @property {() => Promise<Counts | undefined>} perToken
 * @property {import('./subject.ts').Subject['profile']} profile
 * @property {() => unknown} destroy
 *
 * @typedef {object} Best Milliseconds of one step.
 * @property {number} wallMs
 * @property {number} cpuMs of all cores; on a software driver the better measure, since others use them, too
 *
 * @typedef {object} Measured
 * @property {string} name
 * @property {SubjectInfo} info
 * @property {number} context
 * @property {number} promptTokens
 * @property {number} writtenTokens
 * @property {Best} prefill of the prompt, up to the first token
 * @property {Best} decode of the tokens written
 * @property {Counts | undefined} perToken
 */

/**
 * @param {readonly Runner[]} runners
 * @param {object} options
 * @param {number} options.context tokens of prompt and text
 * @param {number} options.tokens to be written
 * @param {number} options.rounds
 * @param {() => number} cpuMs what was used so far
 * @returns {Promise<Measured[]>}
 */
export async function takeTurns(runners, { context, tokens, rounds }, cpuMs) {
  const promptTokens = context - tokens
  const found = runners.map(() => ({ prefill: never(), decode: never() }))
  for (let round = 0; round < rounds; round++) {
    const turns = [...runners.entries()]
    if (round % 2 === 1) turns.reverse() // who comes first finds other caches
    for (const [i, runner] of turns) {
      const best = found[i] ?? { prefill: never(), decode: never() }
      await take(best.prefill, () => runner.prefill(promptTokens, round))
      await take(best.decode, () => runner.decode(tokens))
    }
  }
  const measured = []
  for (const [i, runner] of runners.entries()) {
    const { name, info } = runner
    const best = found[i] ?? { prefill: never(), decode: never() }
    const perToken = await runner.perToken()
    measured.push({ name, info, context, promptTokens, writtenTokens: tokens, ...best, perToken })
  }
  return measured

  /** @param {Best} best @param {() => Promise<number>} step */
  async function take(best, step) {
    const before = cpuMs()
    best.wallMs = Math.min(best.wallMs, await step())
    best.cpuMs = Math.min(best.cpuMs, cpuMs() - before)
  }
}

/** @returns {Best} */
const never = () => ({ wallMs: Number.POSITIVE_INFINITY, cpuMs: Number.POSITIVE_INFINITY })
