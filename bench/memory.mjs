/**
 * `npm run memory -- [MiB]`: the most memory that JavaScript takes while a made-up checkpoint of that size (1024) loads in
 * Chromium, through the library as built. What is counted: e2e/heap.mjs.
 */
import { chromium } from 'playwright'
import { watchHeap } from '../e2e/heap.mjs'
import { startHub } from '../e2e/hub.mjs'
import { findBrowser } from '../scripts/browser.mjs'
import { HOST, withHost } from './host.mjs'

/** @type {import('../src/index.ts').LoadOptions[]} */
const WAYS = [{}, { cache: false }, { weights: 'q8' }, { weights: 'q4' }, { weights: 'q4', cache: false }]

const mebibytes = Number(process.argv[2] ?? 1024)
const executablePath = findBrowser()
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'],
})
const hub = await startHub()
/** @param {number} bytes */
const inMebibytes = (bytes) => (bytes / 2 ** 20).toFixed(0)
/** @param {string[]} cells */
const row = (...cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`)
try {
  await withHost(async () => {
    row('MiB', 'weights', 'stored', 'on the GPU', 'heap', 'array buffers', 'seconds')
    row(...Array(7).fill('---'))
    for (const options of WAYS) {
      const page = await browser.newPage()
      await page.goto(`${HOST}e2e/plain.html`)
      const { stop } = await watchHeap(page)
      const start = performance.now()
      const weightBytes = await page.evaluate(
        async ({ lib, hub, source, options }) => {
          const { createEngine } = /** @type {typeof import('../src/index.ts')} */ (await import(lib))
          const engine = await createEngine({ hub })
          return (await engine.load(source, options)).info.weightBytes
        },
        { lib: `${HOST}lib/index.js`, hub: hub.hub, source: `made/sparse-${mebibytes}`, options },
      )
      const seconds = (performance.now() - start) / 1000
      const { heap, buffers } = await stop()
      const { weights = 'as they are', cache = true } = options
      const sizes = [weightBytes, heap, buffers].map(inMebibytes)
      row(`${mebibytes}`, weights, cache ? 'yes' : 'no', ...sizes, seconds.toFixed(0))
      await page.close()
    }
  })
} finally {
  await browser.close()
  await hub.close()
}
