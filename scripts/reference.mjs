/**
 * `npm run reference -- <family>`: from test/reference/families/<family>/config.json makes the weights and the golden
 * beside it, by the float64 decoder. For families of which transformers has written none.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { runnerImport } from 'vite'

const [family] = process.argv.slice(2)
const folder = `test/reference/families/${family}`
if (!family || !existsSync(`${folder}/config.json`)) {
  process.stderr.write(`usage: npm run reference -- <family>, which has a ${folder}/config.json\n`)
  process.exit(1)
}

/** @type {{ module: typeof import('../test/make-reference.ts') }} */
const { module } = await runnerImport('./test/make-reference.ts')
const { weights, golden } = module.makeReference(JSON.parse(readFileSync(`${folder}/config.json`, 'utf8')))
writeFileSync(`${folder}/model.safetensors`, weights)
writeFileSync(`${folder}/golden.json`, JSON.stringify(golden))
process.stdout.write(`${folder}: ${weights.length} bytes of weights, ${golden.cases.length} cases\n`)
