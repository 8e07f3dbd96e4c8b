/**
 * `npm run bench:start -- [reloads]`: from the page's own navigation to the built-in model's first token, in Chromium, when
 * nothing is kept (the first visit) and when page and model are (a reload; 10 of them). Its reader asks for text as soon as
 * the page has one to go on from. Milliseconds by the clock: on a machine that does something else, too, they are too many.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { findBrowser } from '../scripts/browser.mjs'
import { HOST, withHost } from './host.mjs'

/** @typedef {{ asked: number, loaded: number, token: number }} Start milliseconds after the navigation */

const KEEPS_MS = 3000
const reloads = Number(process.argv[2] ?? 10)
const profile = mkdtempSync(join(tmpdir(), 'headlight-start-'))
const executablePath = findBrowser()

/** Asks for text as soon as there is one to go on from, and notes when it was and when more appeared. */
function hurry() {
  const at = /** @type {Partial<Start>} */ ({})
  Object.assign(window, { start: at })
  let before = ''
  const watch = setInterval(() => {
    const now = performance.now()
    const field = document.querySelector('textarea')
    if (field?.value && !at.asked) {
      at.asked = now
      before = field.value
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }))
    } else if (field && at.asked && field.value.length > before.length) {
      at.token = now
      at.loaded = performance.getEntriesByType('navigation')[0]?.toJSON().loadEventEnd
      clearInterval(watch)
    }
  }, 4)
}

const context = await chromium.launchPersistentContext(profile, {
  ...(executablePath && { executablePath }),
  args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'],
})
try {
  await withHost(async () => {
    const page = await context.newPage()
    await page.addInitScript(hurry)
    await page.goto(`${HOST}dist/`)
    print('first visit', [await started(page)])
    await page.evaluate(() => navigator.serviceWorker.ready)
    const starts = []
    for (let i = 0; i < reloads; i++) {
      await page.reload()
      starts.push(await started(page))
    }
    print(`reload, median of ${reloads}`, starts)
  })
} finally {
  await context.close()
  rmSync(profile, { recursive: true, force: true })
}

/** Ends the writing, too, and leaves the page the time to keep what the model remembers. @param {import('playwright').Page} page */
async function started(page) {
  await page.waitForFunction(() => /** @type {any} */ (window).start.token)
  await page.keyboard.press('Escape')
  await page.waitForTimeout(KEEPS_MS)
  return page.evaluate(() => /** @type {Start} */ (/** @type {any} */ (window).start))
}

/** @param {string} what @param {readonly Start[]} starts */
function print(what, starts) {
  const median = (/** @type {keyof Start} */ key) => {
    const sorted = starts.map((start) => start[key]).sort((a, b) => a - b)
    return `${Math.round(sorted[sorted.length >> 1] ?? Number.NaN)} ms`
  }
  process.stdout.write(
    `${what}: page loaded ${median('loaded')}, text to go on from ${median('asked')}, first token ${median('token')}\n`,
  )
}
