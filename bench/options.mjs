/** The command line that both benchmarks share. */
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'

export const USAGE = `
  --model    <names>     of ${readdirSync('public/models').join(', ')}, made-up ones (gpt2-30m, gpt2-124m,
                         smollm2-135m), or the URL of a folder                                  [gpt2-30m]
  --weights  <kinds>     f32, f16, q8, q4; auto: as the file has them                           [f32]
  --kv       <kind>      f32, f16; auto: f16                                                    [auto]
  --arithmetic <kinds>   auto, f32, int8: what numbers are multiplied as; several are compared      [auto]
  --context  <tokens>    prompt and text together, as 128,1k,4k; left out where a model has less [128]
  --tokens   <count>     written in each round                                                  [8]
  --rounds   <count>     the best one counts                                                    [4, or 12 --against]
  --against  <revision>  also measures that revision of this repository, in the same run, and compares
  --driver   <names>     swiftshader; lavapipe (Node only); platform: this machine's own GPU    [the software drivers]
  --kernels              time of each kernel, by timestamp queries
  --json     <file>      writes what was measured there, too
Several are separated by commas.`

/**
 * @typedef {object} Options
 * @property {readonly string[]} models
 * @property {readonly ('auto' | 'f32' | 'f16' | 'q8' | 'q4')[]} weights
 * @property {'auto' | 'f32' | 'f16'} kv
 * @property {readonly ('auto' | 'f32' | 'int8')[]} arithmetics
 * @property {readonly number[]} contexts
 * @property {number} tokens
 * @property {number} rounds
 * @property {string | undefined} against
 * @property {readonly string[] | undefined} drivers
 * @property {boolean} kernels
 * @property {string | undefined} json
 */

/** @param {string[]} args @returns {Options} */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string', default: 'gpt2-30m' },
      weights: { type: 'string', default: 'f32' },
      kv: { type: 'string', default: 'auto' },
      arithmetic: { type: 'string', default: 'auto' },
      context: { type: 'string', default: '128' },
      tokens: { type: 'string', default: '8' },
      rounds: { type: 'string' },
      against: { type: 'string' },
      driver: { type: 'string' },
      kernels: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    process.exit()
  }
  const { against, json } = values
  return {
    models: values.model.split(','),
    weights: /** @type {Options['weights']} */ (values.weights.split(',')),
    kv: /** @type {Options['kv']} */ (values.kv),
    arithmetics: /** @type {Options['arithmetics']} */ (values.arithmetic.split(',')),
    contexts: values.context.split(',').map((text) => Number.parseInt(text, 10) * (text.endsWith('k') ? 1024 : 1)),
    tokens: Number(values.tokens),
    rounds: Number(values.rounds ?? (against === undefined ? 4 : 12)),
    against,
    drivers: values.driver?.split(','),
    kernels: values.kernels,
    json,
  }
}
