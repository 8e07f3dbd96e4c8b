/** A static file host on this machine, as models come from: `test/reference/`, its `families/` and `public/models/`, side by side. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const ROOTS = ['reference/', 'reference/families/', '../public/models/'].map((path) => new URL(path, import.meta.url))

/** Files that a test made, by path. */
const made = new Map<string, Uint8Array>()

const server = createServer((request, response) => {
  const path = (request.url ?? '/').slice(1)
  const content = made.get(path) ?? onDisk(path)
  response.writeHead(content ? 200 : 404, { 'content-length': content?.length ?? 0 }).end(content)
})
// One for all test files of a process; it does not keep the process alive.
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
server.unref()

function onDisk(path: string): Uint8Array | undefined {
  const files = ROOTS.map((root) => fileURLToPath(new URL(path, root)))
  const file = files.find((each) => existsSync(each) && statSync(each).isFile())
  return file === undefined ? undefined : readFileSync(file)
}

/** URL of a folder. */
export const hosted = (name: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}/`

/** Adds a file to a folder, or covers the one on disk. */
export function host(folder: string, file: string, content: Uint8Array | string): void {
  made.set(`${folder}/${file}`, typeof content === 'string' ? new TextEncoder().encode(content) : content)
}
