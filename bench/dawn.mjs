/** Dawn, for a benchmark in Node: one process a driver, since a process keeps the driver that it began with. */
import { spawnSync } from 'node:child_process'
import { create, globals } from 'webgpu'
import { drivers } from '../scripts/drivers.mjs'
import { SUBJECT } from './library.mjs'

/** Marks a process that runs on one driver, and what it is given. */
const HERE = '--here='

/**
 * What this process was given; undefined in the one that starts the others.
 * @returns {{ given: unknown, args: string[] } | undefined}
 */
export function hereOnDriver() {
  const [first, ...args] = process.argv.slice(2)
  return first?.startsWith(HERE) ? { given: JSON.parse(first.slice(HERE.length)), args } : undefined
}

/**
 * Runs this script again on each driver, with the same arguments and what is `given`.
 * @param {readonly string[] | undefined} names none: all at hand
 * @param {unknown} given
 */
export function runOnDrivers(names, given) {
  const known = [...drivers(), { name: 'platform', env: {} }]
  for (const { name, env } of names ? known.filter((driver) => names.includes(driver.name)) : drivers()) {
    process.stdout.write(`\n${name}\n`)
    const [node, script = '', ...args] = process.argv
    const { status } = spawnSync(node ?? '', [script, `${HERE}${JSON.stringify(given)}`, ...args], {
      stdio: 'inherit',
      env: { ...process.env, ...env },
    })
    if (status !== 0) process.exitCode = 1
  }
}

/** Gives this process WebGPU, as a page has it. */
export function installDawn() {
  Object.assign(globalThis, globals)
  const gpu = create([]) // Dawn frees what it made when this is collected
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true }) // Node 20 has none
}

/** Loads a model. @param {import('./library.mjs').Library} library @param {import('./subject.ts').SubjectOptions} options */
export async function openHere({ name, path }, options) {
  const { createEngine } = /** @type {typeof import('../src/index.ts')} */ (await load(path))
  const { openSubject } = /** @type {typeof import('./subject.ts')} */ (await load(SUBJECT))
  return { name, ...(await openSubject(createEngine, options)) }
}

/** Of this process, all threads, so far. */
export function cpuMs() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** @param {string} path below the project's folder */
function load(path) {
  return import(new URL(`../${path}`, import.meta.url).href)
}
