/** `npm run accuracy`: the largest relative error of each kernel on each driver, as the last GPU tests found it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const FOLDER = '.cache/accuracy'
const files = existsSync(FOLDER) ? readdirSync(FOLDER) : []
if (!files.length) {
  process.stderr.write('no GPU test has run here yet: npm test -- swiftshader lavapipe\n')
  process.exit(1)
}
/** @type {Record<string, Record<string, number>>} */
const found = {}
for (const file of files) {
  const driver = file.split('.')[0] ?? ''
  const errors = /** @type {Record<string, number>} */ (JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')))
  found[driver] ??= {}
  for (const [kernel, error] of Object.entries(errors)) {
    found[driver][kernel] = Math.max(found[driver][kernel] ?? 0, error)
  }
}
const drivers = Object.keys(found).sort()
const kernels = [...new Set(Object.values(found).flatMap((errors) => Object.keys(errors)))].sort()
const row = (/** @type {string[]} */ cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`)
row(['kernel', ...drivers])
row(['---', ...drivers.map(() => '---')])
for (const kernel of kernels) row([kernel, ...drivers.map((driver) => found[driver]?.[kernel]?.toExponential(1) ?? '')])
