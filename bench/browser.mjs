/** `npm run bench`: speed in Chromium. `-- --help` lists options. */
import { benchmark } from './benchmark.mjs'
import { openInPage, withChromium } from './chromium.mjs'
import { buildAll } from './library.mjs'
import { readOptions } from './options.mjs'

const options = readOptions(process.argv.slice(2))
const libraries = await buildAll(options.against)
for (const driver of options.drivers ?? ['swiftshader']) {
  await withChromium(driver, (page, cpuMs) =>
    benchmark(options, libraries, cpuMs, (library, subject) => openInPage(page, library, subject)),
  )
}
