/** `npm run accuracy`: the largest relative error of each kernel on each driver, as the last GPU tests found it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const FOLDER = '.cache/accuracy'
const files = existsSync(FOLDER) ? readdirSync(FOLDER) : []
if (!files.length) {
  process.stderr.write('no GPU test has run here yet: npm test -- swiftshader lavapipe\n')
  process.exit(1)
}
const found = files.map((file) => ({
  driver: file.replace('.json', ''),
  errors: /** @type {Record<string, number>} */ (JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8'))),
}))
const kernels = [...new Set(found.flatMap(({ errors }) => Object.keys(errors)))].sort()
const row = (/** @type {string[]} */ cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`)
row(['kernel', ...found.map(({ driver }) => driver)])
row(['---', ...found.map(() => '---')])
for (const kernel of kernels) row([kernel, ...found.map(({ errors }) => errors[kernel]?.toExponential(1) ?? '')])
