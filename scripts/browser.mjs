/** Where this machine keeps Chromium, and Firefox. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { chromium } from 'playwright'

const INSTALLED = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'],
}

/**
 * The browser to test in: Playwright's own, else one that is installed.
 * @returns {string | undefined}
 */
export function findBrowser() {
  const installed = INSTALLED[/** @type {keyof typeof INSTALLED} */ (process.platform)] ?? []
  return [chromium.executablePath(), ...installed].find((path) => path && existsSync(path))
}

const FIREFOX = {
  linux: ['/usr/bin/firefox', '/usr/bin/firefox-esr'],
  darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
  win32: ['C:\\Program Files\\Mozilla Firefox\\firefox.exe'],
}

/** The first major version that has WebGPU on every system. */
export const OLDEST_FIREFOX = 153

/**
 * A Firefox that is new enough.
 * @returns {string | undefined}
 */
export function findFirefox() {
  const installed = FIREFOX[/** @type {keyof typeof FIREFOX} */ (process.platform)] ?? []
  return installed.find((path) => {
    const { stdout } = existsSync(path) ? spawnSync(path, ['--version'], { encoding: 'utf8' }) : { stdout: '' }
    return Number(/Firefox (\d+)/.exec(stdout ?? '')?.[1] ?? 0) >= OLDEST_FIREFOX
  })
}

/**
 * Folders that hold a Chromium, and with it SwiftShader and a Vulkan loader.
 * @returns {string[]}
 */
export function browserFolders() {
  const downloads = process.env['PLAYWRIGHT_BROWSERS_PATH'] ?? join(homedir(), '.cache/ms-playwright')
  const downloaded = existsSync(downloads) ? readdirSync(downloads).map((name) => join(downloads, name)) : []
  return [
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
    dirname(chromium.executablePath()),
    ...downloaded.flatMap((folder) => [join(folder, 'chrome-linux'), join(folder, 'chrome-linux64')]),
  ].filter((folder) => existsSync(folder))
}
