/** The file host of the browser tests, for as long as a benchmark runs. */
import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'

const PORT = 41732

/** @param {(host: string) => Promise<unknown>} use */
export async function withHost(use) {
  const host = `http://localhost:${PORT}/`
  const server = spawn(process.execPath, ['e2e/host.mjs', String(PORT)], { stdio: 'inherit' })
  try {
    while (!(await fetch(host).catch(() => undefined))) await delay(50)
    await use(host)
  } finally {
    server.kill()
  }
}
