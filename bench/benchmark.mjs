/** Every model, weights and context that was asked for, one after the other. */
import { existsSync, writeFileSync } from 'node:fs'
import { runnerImport } from 'vite'
import { HOST, withHost } from './host.mjs'
import { takeTurns } from './rounds.mjs'
import { calls, compared, HEADING, kernelTable, row } from './table.mjs'

/**
 * @typedef {import('./options.mjs').Options} Options
 * @typedef {import('./subject.ts').SubjectOptions} SubjectOptions
 * @typedef {import('./library.mjs').Library} Library
 * @typedef {import('./rounds.mjs').Runner} Runner
 */

/** Tokens of a prompt whose kernels are timed. */
const PROMPT_ROWS = 128

/**
 * @param {Options} options
 * @param {readonly Library[]} libraries the tree's and, compared with it, a revision's
 * @param {() => number} cpuMs used so far by all that computes
 * @param {(library: Library, options: SubjectOptions) => Promise<Runner>} open loads a model
 */
export async function benchmark(options, libraries, cpuMs, open) {
  /** @type {object[]} */
  const all = []
  await withHost(async () => {
    for (const model of options.models) {
      const folder = await folderOf(model)
      for (const weights of options.weights) {
        const runners = []
        for (const arithmetic of options.arithmetics) {
          for (const library of libraries) {
            const runner = await open(library, { folder, weights, kv: options.kv, arithmetic })
            runners.push({ ...runner, name: arithmetic === 'auto' ? runner.name : `${runner.name} ${arithmetic}` })
          }
        }
        const [{ info }] = /** @type {[Runner]} */ (runners)
        const about = `${info.device}, ${(info.weightBytes / 1e6).toFixed(0)} MB of weights`
        process.stdout.write(`\n${model}, ${weights}, on ${about}\n${HEADING}\n`)
        for (const context of options.contexts.filter((context) => context <= info.context)) {
          const measured = await measureAt(context, runners, options, cpuMs)
          all.push(...measured.map((one) => ({ model, weights, ...one })))
        }
        for (const { destroy } of runners) await destroy()
      }
    }
  })
  if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(all, undefined, 2))
}

/**
 * @param {number} context
 * @param {readonly Runner[]} runners
 * @param {Options} options
 * @param {() => number} cpuMs
 */
async function measureAt(context, runners, { tokens, rounds, kernels }, cpuMs) {
  const measured = await takeTurns(runners, { context, tokens, rounds }, cpuMs)
  const [first, ...others] = measured
  for (const one of measured) process.stdout.write(`${row(one)}\n`)
  if (first) {
    for (const other of others) process.stdout.write(`${compared(first, other)}\n`)
    process.stdout.write(calls(first))
  }
  if (kernels) {
    await showKernels(runners, 'a token', 1, context - 1)
    await showKernels(runners, 'a part of a prompt', Math.min(PROMPT_ROWS, context), 0)
  }
  return measured
}

/** @param {readonly Runner[]} runners @param {string} what @param {number} rows @param {number} position */
async function showKernels([runner], what, rows, position) {
  if (!runner) return
  const profile = await runner.profile(rows, position)
  process.stdout.write(`\n  ${what}: ${rows} at position ${position}\n${kernelTable(profile)}\n`)
}

/** URL of a model's folder. @param {string} model */
async function folderOf(model) {
  if (/^https?:/.test(model)) return model
  if (existsSync(`public/models/${model}`)) return `${HOST}public/models/${model}/`
  const { module } = await runnerImport('./bench/made-up.ts', { configFile: false, logLevel: 'error' })
  const { makeUp } = /** @type {typeof import('./made-up.ts')} */ (module)
  return `${HOST}${makeUp(model)}/`
}
