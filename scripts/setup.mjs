/** Gets what the tests need and this machine lacks: browsers and Vulkan drivers. Touches nothing that is there. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { addBackports, candidate, canInstall, codename, install, update } from './apt.mjs'
import { browserFolders, findBrowser, findFirefox, OLDEST_FIREFOX } from './browser.mjs'
import { drivers, mesaVersion, OLDEST_MESA } from './drivers.mjs'

const DOWNLOAD_TIMEOUT_MS = 300_000
const LOADER_FOLDERS = [
  '/usr/lib',
  '/lib',
  '/usr/lib64',
  `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`,
]

/**
 * @param {(line: string) => void} say
 * @returns {{ browser: string, env: Record<string, string> }} the browser, and what the GPU tests' environment needs
 */
export function setUp(say) {
  const browser = findBrowser() ?? fetchBrowser(say)
  if (!browser) {
    throw new Error(
      'no Chromium here, and it could be had neither from Playwright nor from apt: install Chromium or Chrome and run again',
    )
  }
  say(`browser: ${browser}`)
  if (process.platform !== 'linux') return { browser, env: {} }

  if (mesaVersion() < OLDEST_MESA) fetchLavapipe(say)
  if (!findFirefox()) fetchFirefox(say)
  const env = hasVulkanLoader() || (canInstall() && update() && install(['libvulkan1'])) ? {} : borrowVulkanLoader(say)
  say(
    `GPU drivers: ${drivers()
      .map(({ name }) => name)
      .join(', ')}`,
  )
  return { browser, env }
}

/** @param {(line: string) => void} say */
function fetchBrowser(say) {
  say('no browser found; downloading Chromium through Playwright')
  const playwright = (/** @type {string[]} */ ...args) =>
    spawnSync(process.execPath, ['node_modules/playwright/cli.js', ...args], {
      stdio: 'ignore',
      timeout: DOWNLOAD_TIMEOUT_MS,
      env: { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' },
    }).status === 0
  if (playwright('install', 'chromium', '--no-shell')) {
    if (process.platform === 'linux' && canInstall()) playwright('install-deps', 'chromium')
  } else if (canInstall()) {
    say('Playwright’s Chromium could not be downloaded; installing chromium with apt')
    update()
    install(['chromium'])
  }
  return findBrowser()
}

/** @param {(line: string) => void} say */
function fetchFirefox(say) {
  if (canInstall()) {
    say(`no Firefox ${OLDEST_FIREFOX} or newer; installing firefox-esr with apt`)
    update()
    install(['firefox-esr'])
  }
  if (!findFirefox()) say(`no Firefox ${OLDEST_FIREFOX} or newer could be had: its tests are left out`)
}

/** @param {(line: string) => void} say */
function fetchLavapipe(say) {
  if (!canInstall()) return say(`no Mesa lavapipe ${OLDEST_MESA} or newer, and no right to install it: one driver less`)
  say(`no Mesa lavapipe ${OLDEST_MESA} or newer; installing mesa-vulkan-drivers with apt`)
  update()
  if (candidate('mesa-vulkan-drivers') >= OLDEST_MESA) {
    install(['mesa-vulkan-drivers'])
  } else {
    const release = codename()
    const removeBackports = release && addBackports(release)
    if (removeBackports) {
      const suite = `${release}-backports`
      update()
      if (candidate('mesa-vulkan-drivers', suite) < OLDEST_MESA || !install(['mesa-vulkan-drivers'], suite))
        removeBackports()
    }
  }
  if (mesaVersion() < OLDEST_MESA)
    say('mesa-vulkan-drivers could not be had from this machine’s package sources: one driver less')
}

const hasVulkanLoader = () =>
  LOADER_FOLDERS.some((folder) => existsSync(join(folder, 'libvulkan.so.1'))) ||
  /libvulkan\.so\.1/.test(spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '')

/**
 * Chromium brings a Vulkan loader of its own, which Dawn finds on the library path.
 * @param {(line: string) => void} say
 * @returns {Record<string, string>}
 */
function borrowVulkanLoader(say) {
  const folder = browserFolders().find((folder) => existsSync(join(folder, 'libvulkan.so.1')))
  if (!folder) return {}
  say(`no libvulkan1; using the browser’s, in ${folder}`)
  return { LD_LIBRARY_PATH: [folder, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':') }
}
