/** Fails when what a reader downloads grows past its budget. Sizes are of gzipped files, in kB of 1000 bytes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { gzipSync } from 'node:zlib'

/**
 * Scripts and styles that index.html names, and all that those import before they run.
 * @param {string} folder
 * @param {string} entry
 * @returns {string[]}
 */
function firstPaint(folder, entry) {
  const html = readFileSync(`${folder}/${entry}`, 'utf8')
  const named = [...html.matchAll(/(?:src|href)="\.?\/?([^"]+\.(?:js|css))"/g)].map(([, path]) => path ?? '')
  return withImports(folder, named)
}

/**
 * @param {string} folder
 * @param {string[]} files
 */
function withImports(folder, files) {
  const all = new Set(files)
  for (const file of all) {
    const code = readFileSync(`${folder}/${file}`, 'utf8')
    for (const [, path] of code.matchAll(/(?:import|from)\s*"(\.[^"]+\.js)"/g)) {
      all.add(posix.join(posix.dirname(file), path ?? ''))
    }
  }
  return [...all]
}

/** @param {string} folder */
const scripts = (folder) => readdirSync(folder).filter((file) => file.endsWith('.js') && !SELDOM.test(file))

/** What only those fetch who measure kernels. */
const SELDOM = /^(worker-)?profile\.js$/

const BUDGETS = [
  { name: 'page, before first paint', folder: 'dist', files: () => firstPaint('dist', 'index.html'), limitKb: 150 },
  {
    name: 'library, engine in a worker',
    folder: 'lib',
    files: () => scripts('lib').filter((file) => file !== 'local.js'), // chat, GGUF and hashing come when needed
    limitKb: 225 /* 14 of them hold JSON to a schema */,
  },
  {
    name: 'library, engine in the page',
    folder: 'lib',
    files: () => scripts('lib').filter((file) => !file.startsWith('worker')),
    limitKb: 180,
  },
]

let over = false
for (const { name, folder, files, limitKb } of BUDGETS) {
  if (!existsSync(folder)) throw new Error(`${folder}/ is missing: build it first`)
  const sizes = files().map((file) => ({ file, kb: gzipSync(readFileSync(`${folder}/${file}`)).length / 1000 }))
  const totalKb = sizes.reduce((sum, { kb }) => sum + kb, 0)
  over ||= totalKb > limitKb
  process.stdout.write(`${row(name, totalKb)} of ${limitKb} kB${totalKb > limitKb ? '  ← over' : ''}\n`)
  for (const { file, kb } of sizes) process.stdout.write(`${row(`  ${file}`, kb)}\n`)
}
process.exitCode = over ? 1 : 0

/** @param {string} label @param {number} kb */
function row(label, kb) {
  return `${label.padEnd(40)} ${kb.toFixed(1).padStart(7)}`
}
