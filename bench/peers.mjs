/**
 * `npm run bench:peers`: Headlight and transformers.js on the same made-up weights, in turns: in Chromium, or on lavapipe in
 * Node. Peers have packages of their own: `npm install --prefix bench/peers` first.
 */
import { existsSync } from 'node:fs'
import { inChromium, onHost, openInPage, runnerOf, withChromium } from './chromium.mjs'
import { compare } from './compare-peers.mjs'
import { cpuMs, hereOnDriver, installDawn, openHere, runOnDrivers } from './dawn.mjs'
import { HOST } from './host.mjs'
import { buildAll, SUBJECT } from './library.mjs'
import { readOptions } from './options.mjs'

/** @typedef {import('./library.mjs').Library} Library */

const NAMES = { ours: 'Headlight', theirs: 'transformers.js' }
const PACKAGES = 'bench/peers/node_modules/'
if (!existsSync(PACKAGES)) throw new Error('peers are not installed: npm install --prefix bench/peers')

const here = hereOnDriver()
if (here) {
  installDawn()
  const library = /** @type {Library} */ (here.given)
  const { openSubject } = await import('./peers/transformers.mjs')
  await compare(
    readOptions(here.args),
    cpuMs,
    (subject) => openHere(library, subject),
    async (peer) => ({ name: NAMES.theirs, ...(await openSubject({ ...peer, packages: `../../${PACKAGES}` })) }),
  )
  process.exit() // Dawn keeps threads
}

const options = readOptions(process.argv.slice(2))
const [tree] = await buildAll(undefined)
const library = { path: tree?.path ?? '', name: NAMES.ours }
const drivers = options.drivers ?? ['swiftshader']
for (const driver of drivers.filter(inChromium)) {
  await withChromium(driver, (page, cpuMs) =>
    compare(
      options,
      cpuMs,
      (subject) => openInPage(page, library, subject),
      (peer) => openPeer(page, peer),
    ),
  )
}
const others = drivers.filter((driver) => !inChromium(driver))
if (others.length > 0) runOnDrivers(others, library)

/**
 * @param {import('playwright').Page} page
 * @param {import('./compare-peers.mjs').PeerOptions} options
 */
async function openPeer(page, options) {
  await onHost(page)
  const handle = await page.evaluateHandle(
    async ([host, peer, subject, options]) => {
      const { openSubject } = /** @type {typeof import('./peers/transformers.mjs')} */ (await import(host + peer))
      const { count } = /** @type {typeof import('./subject.ts')} */ (await import(host + subject))
      return openSubject({ ...options, count })
    },
    /** @type {const} */ ([
      HOST,
      'bench/peers/transformers.mjs',
      SUBJECT,
      { ...options, folder: `${HOST}${options.folder}/`, packages: HOST + PACKAGES },
    ]),
  )
  return runnerOf(NAMES.theirs, handle)
}
