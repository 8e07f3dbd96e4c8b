/** Chromium for a benchmark: a page of the file host, models opened in it, and the CPU time that all of it takes. */
import { chromium } from 'playwright'
import { findBrowser } from '../scripts/browser.mjs'
import { HOST } from './host.mjs'
import { SUBJECT } from './library.mjs'
import { cpuMsOf } from './processes.mjs'

/** @typedef {import('./subject.ts').Subject} Subject */

const ADAPTERS = {
  swiftshader: ['--use-webgpu-adapter=swiftshader'],
  platform: ['--ignore-gpu-blocklist'],
}

const FLAGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--enable-webgpu-developer-features', // without, timestamps are rounded to 0.1 ms
  '--enable-features=Vulkan',
]

/** Whether Chromium has this driver. @param {string} driver */
export const inChromium = (driver) => driver in ADAPTERS

/**
 * @param {string} driver
 * @param {(page: import('playwright').Page, cpuMs: () => number) => Promise<unknown>} use
 */
export async function withChromium(driver, use) {
  const adapter = ADAPTERS[/** @type {keyof typeof ADAPTERS} */ (driver)]
  if (!adapter) throw new Error(`Chromium runs on ${Object.keys(ADAPTERS).join(' or ')}, not on ${driver}`)
  const executablePath = findBrowser()
  const server = await chromium.launchServer({
    ...(executablePath && { executablePath }),
    args: [...FLAGS, ...adapter],
  })
  try {
    const browser = await chromium.connect(server.wsEndpoint())
    process.stdout.write(`\nChromium ${browser.version()}, ${driver}\n`)
    await use(await browser.newPage(), () => cpuMsOf(server.process().pid ?? 0))
  } finally {
    await server.close()
  }
}

/**
 * Loads a model in the page.
 * @param {import('playwright').Page} page
 * @param {import('./library.mjs').Library} library
 * @param {import('./subject.ts').SubjectOptions} options
 */
export async function openInPage(page, { name, path }, options) {
  await onHost(page)
  return runnerOf(
    name,
    await page.evaluateHandle(
      async ([libraryUrl, subjectUrl, options]) => {
        const { createEngine } = await import(libraryUrl)
        const { openSubject } = await import(subjectUrl)
        return /** @type {Subject} */ (await openSubject(createEngine, options))
      },
      /** @type {const} */ ([HOST + path, HOST + SUBJECT, options]),
    ),
  )
}

/** Any page of the file host will do. @param {import('playwright').Page} page */
export async function onHost(page) {
  if (!page.url().startsWith(HOST)) await page.goto(`${HOST}public/models/`)
}

/**
 * A subject in a page, as one here.
 * @param {string} name
 * @param {import('playwright').JSHandle<Subject>} handle
 * @returns {Promise<import('./rounds.mjs').Runner>}
 */
export async function runnerOf(name, handle) {
  return {
    name,
    info: await handle.evaluate(({ info }) => info),
    prefill: (...args) => handle.evaluate((subject, args) => subject.prefill(...args), args),
    decode: (tokens) => handle.evaluate((subject, tokens) => subject.decode(tokens), tokens),
    perToken: () => handle.evaluate((subject) => subject.perToken()),
    profile: (...args) => handle.evaluate((subject, args) => subject.profile(...args), args),
    destroy: () => handle.evaluate((subject) => subject.destroy()),
  }
}
