/** `npm run bench`: the built-in models in Chromium on SwiftShader, through the library as built. */
import { readdirSync } from 'node:fs'
import { chromium } from 'playwright'
import { runnerImport } from 'vite'
import { findBrowser } from '../scripts/browser.mjs'
import { withHost } from './host.mjs'

const { module } = await runnerImport('./bench/measure.ts', { configFile: false, logLevel: 'error' })
const { HEADING, measure, row } = /** @type {typeof import('./measure.ts')} */ (module)

const executablePath = findBrowser()
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'],
})
try {
  await withHost(async (host) => {
    process.stdout.write(`${HEADING}\n`)
    for (const model of readdirSync('public/models')) {
      const page = await browser.newPage()
      await page.goto(`${host}public/models/${model}/config.json`) // any page of that origin will do
      const call = `import(${JSON.stringify(`${host}lib/index.js`)}).then(({ createEngine }) =>
        (${measure})(createEngine, ${JSON.stringify(`${host}public/models/${model}/`)}))`
      process.stdout.write(`${row(model, await page.evaluate(call))}\n`)
      await page.close()
    }
  })
} finally {
  await browser.close()
}
