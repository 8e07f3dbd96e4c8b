/** Headlight and transformers.js on the same made-up weights, in turns. */
import { runnerImport } from 'vite'
import { HOST, withHost } from './host.mjs'
import { takeTurns } from './rounds.mjs'
import { calls, compared, HEADING, row } from './table.mjs'

/**
 * @typedef {object} PeerOptions
 * @property {string} folder that models are in, below the project's
 * @property {string} model
 * @property {'f32' | 'q4'} weights
 *
 * @typedef {import('./rounds.mjs').Runner} Runner
 */

/**
 * @param {import('./options.mjs').Options} options
 * @param {() => number} cpuMs
 * @param {(options: import('./subject.ts').SubjectOptions) => Promise<Runner>} openOurs
 * @param {(options: PeerOptions) => Promise<Runner>} openTheirs
 */
export async function compare({ models, weights: kinds, kv, contexts, tokens, rounds }, cpuMs, openOurs, openTheirs) {
  const { exportOnnx } = /** @type {typeof import('./peers/graphs.ts')} */ (await imported('./bench/peers/graphs.ts'))
  const { makeUp } = /** @type {typeof import('./made-up.ts')} */ (await imported('./bench/made-up.ts'))
  await withHost(async () => {
    for (const model of models) {
      for (const weights of kinds) {
        if (weights !== 'f32' && weights !== 'q4') continue // what the exports have
        const path = exportOnnx(makeUp(model), weights).split('/')
        const ours = await openOurs({ folder: `${HOST}${makeUp(model)}/`, weights, kv, arithmetic: 'auto' })
        const theirs = await openTheirs({ folder: path.slice(0, -1).join('/'), model: path.at(-1) ?? '', weights })
        process.stdout.write(`\n${model}, ${weights}\n${HEADING}\n`)
        for (const context of contexts.filter((context) => context <= ours.info.context)) {
          const [we, they] = await takeTurns([ours, theirs], { context, tokens, rounds }, cpuMs)
          if (!we || !they) continue
          for (const one of [we, they]) process.stdout.write(`${row(one)}\n${calls(one)}`)
          process.stdout.write(`${compared(we, they)}\n`)
        }
        await theirs.destroy()
        await ours.destroy()
      }
    }
  })
}

/** @param {string} path */
async function imported(path) {
  return (await runnerImport(path, { configFile: false, logLevel: 'error' })).module
}
