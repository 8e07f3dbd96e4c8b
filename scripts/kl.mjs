/**
 * `npm run kl`: what weights of fewer bits cost the built-in models, over texts of test/reference/texts/, and what
 * products of whole numbers cost on top.
 * `npm run kl -- <folder, .gguf, hub id or URL> [--weights q8|q4|f16] [--arithmetic f32|int8] [--text <file>]`: the same of
 * any model. Documents of a text are separated by lines of `---`.
 */
import { openAsBlob, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { createServer } from 'vite'
import { create, globals } from 'webgpu'
import { drivers } from './drivers.mjs'

const TEXTS = 'test/reference/texts'
const BUILT_IN = [
  { source: 'public/models/stories-3m', text: `${TEXTS}/fables.txt` },
  { source: 'public/models/poems-4m', text: `${TEXTS}/poems.txt` },
]

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    weights: { type: 'string', multiple: true },
    arithmetic: { type: 'string', multiple: true },
    text: { type: 'string' },
  },
})
const [source] = positionals
const { text, weights = ['q8', 'q4'], arithmetic = ['f32', 'int8'] } = values
const chosen = source === undefined ? BUILT_IN : [{ source, text: `${TEXTS}/fables.txt` }]
const precisions = /** @type {import('../src/engine/types.ts').WeightPrecision[]} */ (weights)
const arithmetics = /** @type {import('../src/engine/types.ts').ArithmeticChoice[]} */ (arithmetic)

const driver = drivers().at(-1)
Object.assign(process.env, driver?.env)
Object.assign(globalThis, globals)
const gpu = create([]) // Dawn frees what it made when this is collected

// Not `runnerImport`, which ends before what is imported later.
const modules = await createServer({
  configFile: false,
  cacheDir: '.cache/vite',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, watch: null, ws: false },
})
const load = async (/** @type {string} */ path) => /** @type {unknown} */ (await modules.ssrLoadModule(path))
const { LocalEngine } = /** @type {typeof import('../src/engine/local.ts')} */ (await load('/src/engine/local.ts'))
const { divergence, piecesOf } = /** @type {typeof import('../test/divergence.ts')} */ (
  await load('/test/divergence.ts')
)

const engine = await LocalEngine.open({}, gpu)
say(`On ${engine.device.name}. Divergence in nats a token, from the model with weights as its file has them.\n`)
row(['model', 'weights', 'products', 'bits a weight', 'mean', 'median', '99 %', 'same top token', 'perplexity'])
row(Array(9).fill('---'))
try {
  for (const each of chosen) await compare(each.source, readFileSync(text ?? each.text, 'utf8'))
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
process.exit() // Dawn keeps threads

/**
 * @param {string} source
 * @param {string} content
 */
async function compare(source, content) {
  const given = await filesOf(source)
  const reference = await engine.load(given, { kv: 'f32' })
  const pieces = piecesOf(content, reference)
  const tokens = pieces.reduce((sum, { length }) => sum + length - 1, 0)
  const name = `${basename(source)}, ${tokens} tokens`
  const tried = precisions.flatMap((weights) => arithmetics.map((arithmetic) => ({ weights, arithmetic })))
  for (const [i, { weights, arithmetic }] of tried.entries()) {
    const model = await engine.load(given, { kv: 'f32', weights, arithmetic })
    const stepwise = arithmetic === 'int8' // prompts have no such products
    const found = await divergence(model, reference, pieces, { stepwise })
    model.destroy()
    if (i === 0) row([name, ...describe(reference, 'f32'), '', '', '', '', found.referencePerplexity.toFixed(3)])
    const nats = [found.mean, found.median, found.high].map((kl) => kl.toPrecision(2))
    const top = `${(100 * found.sameTop).toFixed(1)} %`
    row([name, ...describe(model, arithmetic), ...nats, top, found.perplexity.toFixed(3)])
  }
  reference.destroy()
}

/** @param {import('../src/index.ts').Model} model @param {string} arithmetic */
function describe({ info: { weights, weightBytes, parameters } }, arithmetic) {
  return [weights.join(', '), arithmetic, ((weightBytes * 8) / parameters).toFixed(2)]
}

/**
 * Files of this machine, read as the GPU takes them; else the source as it is.
 * @param {string} source
 */
async function filesOf(source) {
  const found = statSync(source, { throwIfNoEntry: false })
  if (!found) return source
  const paths = found.isFile() ? [source] : readdirSync(source).map((name) => join(source, name))
  const files = paths.filter((path) => statSync(path).isFile())
  return Promise.all(files.map(async (path) => new File([await openAsBlob(path)], basename(path))))
}

/** @param {string[]} cells */
function row(cells) {
  say(`| ${cells.join(' | ')} |`)
}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`)
}
