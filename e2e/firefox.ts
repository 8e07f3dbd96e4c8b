/**
 * Firefox, of which Playwright drives its own build only. Any other is started on a page that fetches what it is to run, and
 * tells what came of it.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFirefox } from '../scripts/browser.mjs'
import { drivers } from '../scripts/drivers.mjs'
import { HOST } from './ports.ts'

const PREFERENCES = {
  'dom.webgpu.enabled': true,
  'gfx.webgpu.ignore-blocklist': true, // software drivers are on it
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
}

const LATE_MS = 220_000 // before the test ends, and leaves a Firefox behind

/**
 * What `run`, which must not use anything around it, makes of `argument` in a page of HOST.
 * @throws what it throws there, or that Firefox ended: a shader of ours can do that
 */
export async function inFirefox<A, R>(run: (argument: A) => Promise<R>, argument: A): Promise<R> {
  const executable = findFirefox()
  if (!executable) throw new Error('there is no Firefox here')
  const profile = mkdtempSync(join(tmpdir(), 'headlight-firefox-'))
  const preferences = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${value});\n`)
  writeFileSync(join(profile, 'user.js'), preferences.join(''))

  let tell: (answer: { made?: R; failed?: string }) => void = () => undefined
  const told = new Promise<{ made?: R; failed?: string }>((resolve) => (tell = resolve))
  const server = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    if (request.method !== 'POST') return response.end(JSON.stringify({ run: String(run), argument }))
    let text = ''
    request.on('data', (chunk) => (text += chunk))
    request.on('end', () => tell(JSON.parse(text)))
    return response.end()
  }).listen(0)
  const { port } = server.address() as AddressInfo

  const page = `${HOST}e2e/firefox.html#${encodeURIComponent(`http://localhost:${port}/`)}`
  const known = drivers()
  const { env } = known.find(({ name }) => name === 'lavapipe') ?? known[0]!
  const args = ['--headless', '--no-remote', '--profile', profile, page]
  const child = spawn(executable, args, {
    stdio: 'ignore',
    env: { ...process.env, ...env, MOZ_CRASHREPORTER_DISABLE: '1' },
  })
  const late = setTimeout(() => tell({ failed: `nothing was heard of it for ${LATE_MS} ms` }), LATE_MS)
  child.on('error', ({ message }) => tell({ failed: message }))
  child.on('exit', (code, signal) => tell({ failed: `Firefox ended: ${signal ?? code}` }))
  try {
    const { made, failed } = await told
    if (failed !== undefined) throw new Error(failed)
    return made as R
  } finally {
    clearTimeout(late)
    const gone = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null && child.signalCode === null) {
      child.kill()
      await gone
    }
    server.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
