/** `npm run bench:page`: the main thread's work per frame, in Chromium's own trace, where the page has most to do. */
import { parseArgs } from 'node:util'
import { chromium } from 'playwright'
import { findBrowser } from '../scripts/browser.mjs'
import { withPage } from './page/build.mjs'
import { scenes } from './page/scenes.mjs'
import { CATEGORIES, framesOf } from './page/trace.mjs'

const { values: options } = parseArgs({
  options: {
    scene: { type: 'string', default: scenes.map(({ name }) => name).join(',') },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '10' },
    keep: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

const USAGE = `
  --scene    <names>   of ${scenes.map(({ name }) => name).join(', ')}  [all]
  --rate     <number>  tokens per second                                [200]
  --seconds  <number>  of streaming                                     [10]
  --keep     <folder>  writes the traces there, for Chromium's developer tools`

const HEADING =
  'scene                        frames    p50    p95    max  > 16 ms   script  style layout  paint    nodes'

if (options.help) process.stdout.write(`${USAGE}\n`)
else await withPage(measure)

/** @param {string} address */
async function measure(address) {
  const executablePath = findBrowser()
  const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] })
  const pace = { tokensPerSecond: Number(options.rate), seconds: Number(options.seconds) }
  process.stdout.write(`Chromium ${browser.version()}, milliseconds of CPU on the main thread\n\n${HEADING}\n`)
  try {
    for (const { name, open, act } of scenes.filter(({ name }) => options.scene.split(',').includes(name))) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' })
      await open(page, address, pace)
      await page.waitForTimeout(1000) // what opening it began has ended
      const path = options.keep && `${options.keep}/${name}.json`
      await browser.startTracing(page, { categories: CATEGORIES, ...(path && { path }) })
      const nodes = await act(page)
      show(name, framesOf(await browser.stopTracing()), nodes)
      await page.close()
    }
  } finally {
    await browser.close()
  }
}

/** @param {string} name @param {import('./page/trace.mjs').Frames} frames @param {number} nodes */
function show(name, { count, p50, p95, max, over, stages }, nodes) {
  const ms = [p50, p95, max].map((number) => number.toFixed(1).padStart(6)).join(' ')
  const { script, style, layout, paint } = stages
  const parts = [script, style, layout, paint].map((number) => number.toFixed(1).padStart(6)).join(' ')
  const share = `${(over * 100).toFixed(1)} %`.padStart(8)
  process.stdout.write(`${name.padEnd(28)} ${String(count).padStart(6)} ${ms} ${share}   ${parts} ${nodes}\n`)
}
