/** `npm run bench:node`: speed on each driver at hand, through Dawn. `-- --help` lists options. */
import { benchmark } from './benchmark.mjs'
import { cpuMs, hereOnDriver, installDawn, openHere, runOnDrivers } from './dawn.mjs'
import { buildAll } from './library.mjs'
import { readOptions } from './options.mjs'

const here = hereOnDriver()
if (here) {
  installDawn()
  const libraries = /** @type {import('./library.mjs').Library[]} */ (here.given)
  await benchmark(readOptions(here.args), libraries, cpuMs, openHere)
  process.exit() // Dawn keeps threads
}
const { drivers, against } = readOptions(process.argv.slice(2))
runOnDrivers(drivers, await buildAll(against))
