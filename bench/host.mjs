/** The file host of the browser tests, for as long as a benchmark runs. */
import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'

/** Of its own: two benchmarks at once shall not end each other's host. */
const PORT = 42_000 + (process.pid % 10_000)

export const HOST = `http://localhost:${PORT}/`

/** @param {() => Promise<unknown>} use */
export async function withHost(use) {
  const server = spawn(process.execPath, ['e2e/host.mjs', String(PORT)], { stdio: 'inherit' })
  try {
    while (!(await fetch(HOST).catch(() => undefined))) await delay(50)
    await use()
  } finally {
    server.kill()
  }
}
