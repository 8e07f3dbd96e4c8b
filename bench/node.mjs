/** `npm run bench:node`: the built-in models on each driver at hand, one process a driver, through the library as built. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { runnerImport } from 'vite'
import { create, globals } from 'webgpu'
import { drivers } from '../scripts/drivers.mjs'
import { withHost } from './host.mjs'

if (process.argv[2] === 'here') await benchmark()
else {
  for (const { name, env } of drivers()) {
    process.stdout.write(`\n${name}\n`)
    const { status } = spawnSync(process.execPath, ['bench/node.mjs', 'here'], {
      stdio: 'inherit',
      env: { ...process.env, ...env },
    })
    if (status !== 0) process.exitCode = 1
  }
}

/** On the driver that the environment selects. */
async function benchmark() {
  Object.assign(globalThis, globals)
  const gpu = create([]) // Dawn frees what it made when this is collected
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true }) // Node 20 has none

  const measuring = await runnerImport('./bench/measure.ts', { configFile: false, logLevel: 'error' })
  const { HEADING, measure, row } = /** @type {typeof import('./measure.ts')} */ (measuring.module)
  const library = /** @type {typeof import('../src/index.ts')} */ (
    await import(new URL('../lib/index.js', import.meta.url).href)
  )
  await withHost(async (host) => {
    process.stdout.write(`${HEADING}\n`)
    for (const model of readdirSync('public/models')) {
      process.stdout.write(`${row(model, await measure(library.createEngine, `${host}public/models/${model}/`))}\n`)
    }
  })
  process.exit() // Dawn keeps threads
}
