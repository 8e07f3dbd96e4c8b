/**
 * `npm run families`: every family beside the numbers of transformers, on every driver at hand; the result becomes
 * docs/families.md. `npm run families -- --last` writes what the last tests found.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { drivers } from './drivers.mjs'
import { setUp } from './setup.mjs'

const FOLDER = '.cache/families'
const PAGE = 'docs/families.md'

/**
 * What test/family-record.ts keeps of one model.
 * @typedef {object} Found
 * @property {string} family
 * @property {string[]} needs
 * @property {string} dispatches
 * @property {number} [logits]
 * @property {number} [attention]
 * @property {boolean} [greedy]
 * @property {number} [f16]
 */

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`)

if (!process.argv.includes('--last')) {
  const { env } = setUp(say)
  rmSync(FOLDER, { recursive: true, force: true })
  for (const { name } of drivers()) {
    const { status } = spawnSync('vitest', ['run', '--project', name, 'src/engine/golden'], {
      stdio: 'inherit',
      shell: process.platform === 'win32', // tools are .cmd files there
      env: { ...process.env, ...env, PATH: [resolve('node_modules/.bin'), process.env['PATH']].join(delimiter) },
    })
    if (status !== 0) process.exitCode = 1
  }
}

const files = existsSync(FOLDER) ? readdirSync(FOLDER).sort() : []
if (!files.length) {
  process.stderr.write('no model was tested here yet: npm run families\n')
  process.exit(1)
}
const found = files.map((file) => ({
  driver: file.replace('.json', ''),
  models: /** @type {Record<string, Found>} */ (JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8'))),
}))
const names = [...new Set(found.flatMap(({ models }) => Object.keys(models)))].sort()

/** @param {string[]} cells */
const row = (cells) => `| ${cells.join(' | ')} |`
/** @param {number | undefined} error */
const rounded = (error) => error?.toExponential(1) ?? ''
/** @param {Found | undefined} model */
const cells = (model) => [
  rounded(model?.logits),
  rounded(model?.attention || undefined), // 0: the reference has none
  model?.greedy === undefined ? '' : model.greedy ? 'equal' : 'DIFFERS',
  rounded(model?.f16),
]

const page = `# Families

Written by \`npm run families\`. Each row is a tiny model of \`test/reference/\`, with the numbers that Hugging Face
transformers computes from it in float32 (glm: a decoder in float64). *logits*: the largest difference of any logit (allowed: 2e-4). *attention*: the
same of attention weights (allowed: 1e-5). *greedy*: the ids that follow four prompts, 24 each. *f16*: with weights rounded
to f16 on the GPU, the largest difference from a float64 decoder on the same rounded weights (allowed: 2e-4).

${row(['model', ...found.flatMap(({ driver }) => [`${driver}: logits`, 'attention', 'greedy', 'f16'])])}
${row(['---', ...found.flatMap(() => ['---', '---', '---', '---'])])}
${names.map((name) => row([name, ...found.flatMap(({ models }) => cells(models[name]))])).join('\n')}

## What each needs

The fields of its spec (\`src/families/spec.ts\`) that differ from Llama's, and how its file stores them otherwise; sizes are
left out. And the dispatches of a decoded token, where every matrix lies in one part and the text in 1024 positions;
beyond them, one more a layer; where norms are apart from products, one more for each.

| model | dispatches | otherwise than Llama |
| --- | --- | --- |
${names
  .map((name) => {
    const { family, needs, dispatches } = /** @type {Found} */ (found.map(({ models }) => models[name]).find(Boolean))
    return row([name === family ? name : `${name} (${family})`, dispatches, needs.join(', ') || 'nothing'])
  })
  .join('\n')}
`
writeFileSync(PAGE, page)
say(page)
