/**
 * `npm test`: everything, on a machine that has nothing but Node. Stops at the first step that fails.
 * `npm test -- types unit` runs only the steps whose names begin so. The last line counts tests.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { drivers } from './drivers.mjs'
import { setUp } from './setup.mjs'

const REPORTS = '.cache/reports'

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} does
 * @property {string[]} run
 * @property {string} [report] where it writes its counts
 */

/** @returns {Step[]} */
function steps() {
  const vitest = (/** @type {string} */ project, /** @type {string} */ does) => {
    const report = `${REPORTS}/${project}.json`
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    return { name: project, does, run: ['vitest', 'run', '--project', project, ...reporters], report }
  }
  return [
    { name: 'format', does: 'every file is formatted', run: ['biome', 'format', '.'] },
    { name: 'lint', does: 'lint rules, import direction', run: ['biome', 'lint', '--error-on-warnings', '.'] },
    { name: 'types', does: 'strict TypeScript', run: ['tsc', '-p', '.'] },
    { name: 'unused', does: 'no unused file, export or dependency', run: ['knip'] },
    vitest('unit', 'tests that need no GPU'),
    ...drivers().map(({ name }) => vitest(name, `GPU tests on ${name}`)),
    { name: 'build', does: 'the page, into dist/', run: ['vite', 'build', '--logLevel', 'warn'] },
    { name: 'library', does: 'the library, into lib/', run: ['npm', 'run', '--silent', 'build:lib'] },
    { name: 'size', does: 'size budget', run: ['node', 'scripts/size.mjs'] },
    {
      name: 'browser',
      does: 'the page and the library in Chromium and Firefox',
      run: ['playwright', 'test', '-c', 'e2e/playwright.config.ts'],
      report: `${REPORTS}/browser.json`,
    },
  ]
}

/** @param {string} text */
const say = (text) => process.stdout.write(`${text}\n`)
const seconds = (/** @type {number} */ since) => `${((performance.now() - since) / 1000).toFixed(1)} s`

const total = { passed: 0, failed: 0 }

/**
 * @param {Step} step
 * @param {Record<string, string>} env
 * @returns {boolean}
 */
function passes({ name, does, run: [command = '', ...args], report }, env) {
  const start = performance.now()
  say(`\n▸ ${name}: ${does}`)
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32', // tools are .cmd files there
    env: {
      ...process.env,
      ...env,
      PATH: [resolve('node_modules/.bin'), process.env['PATH']].join(delimiter),
    },
  })
  const { passed, failed } = report && existsSync(report) ? counts(report) : { passed: 0, failed: 0 }
  total.passed += passed
  total.failed += status === 0 ? failed : Math.max(failed, 1) // a step that broke without a failing test counts as one
  say(`${status === 0 ? '✓' : '✗'} ${name} (${seconds(start)})`)
  return status === 0
}

/** @param {string} report the JSON report of Vitest or Playwright */
function counts(report) {
  const json = JSON.parse(readFileSync(report, 'utf8'))
  return json.stats
    ? { passed: json.stats.expected + json.stats.flaky, failed: json.stats.unexpected }
    : { passed: json.numPassedTests, failed: json.numFailedTests }
}

const start = performance.now()
rmSync(REPORTS, { recursive: true, force: true })
mkdirSync(REPORTS, { recursive: true })

/** @type {string | undefined} */
let failure
try {
  say('▸ setup: what the tests need and this machine lacks')
  const { env } = setUp(say)
  const wanted = process.argv.slice(2)
  const chosen = steps().filter(({ name }) => !wanted.length || wanted.some((prefix) => name.startsWith(prefix)))
  failure = chosen.find((step) => !passes(step, env))?.name
} catch (error) {
  say(`✗ ${error instanceof Error ? error.message : error}`)
  failure = 'setup'
  total.failed++
}
say(failure ? `\nFailed at: ${failure}, after ${seconds(start)}` : `\nAll steps passed in ${seconds(start)}`)
say(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = failure ? 1 : 0
