/** The GPU drivers that the GPU tests run on: two software Vulkan drivers on Linux, else the machine's own GPU. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { browserFolders } from './browser.mjs'

/**
 * @typedef {object} Driver
 * @property {'swiftshader' | 'lavapipe' | 'platform'} name
 * @property {Record<string, string>} env What a process must have in its environment to get this driver.
 */

/** Lavapipe before this major version of Mesa lacks what Dawn asks for. */
export const OLDEST_MESA = 24

/** Manifests of Mesa's drivers, which a Vulkan loader reads. */
const MANIFESTS = '/usr/share/vulkan/icd.d'

/** @returns {Driver[]} at least one; whether 'platform' has a GPU shows when it is asked for an adapter */
export function drivers() {
  if (process.platform !== 'linux') return [{ name: 'platform', env: {} }]
  const swiftshader = browserFolders()
    .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
    .find((manifest) => existsSync(manifest))
  const lavapipe = existsSync(MANIFESTS) && readdirSync(MANIFESTS).find((file) => /^lvp_icd.*\.json$/.test(file))
  /** @type {Driver[]} */
  const found = []
  if (swiftshader) found.push({ name: 'swiftshader', env: select(swiftshader) })
  if (lavapipe && mesaVersion() >= OLDEST_MESA) found.push({ name: 'lavapipe', env: select(join(MANIFESTS, lavapipe)) })
  return found.length ? found : [{ name: 'platform', env: {} }]
}

/** The major version of Debian's Mesa drivers: 0 when they are not installed, infinite where only the user can know. */
export function mesaVersion() {
  const { error, stdout } = spawnSync('dpkg-query', ['-W', 'mesa-vulkan-drivers'], { encoding: 'utf8' })
  if (error) return Number.POSITIVE_INFINITY
  return Number.parseInt(stdout.split('\t')[1] ?? '', 10) || 0 // "mesa-vulkan-drivers<tab>25.0.7-2"
}

/**
 * Both names of the variable: loaders before 1.3.207 know only the first. Lavapipe keeps sockets in XDG_RUNTIME_DIR.
 * @param {string} manifest
 */
const select = (manifest) => ({
  VK_ICD_FILENAMES: manifest,
  VK_DRIVER_FILES: manifest,
  XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] ?? tmpdir(),
})
