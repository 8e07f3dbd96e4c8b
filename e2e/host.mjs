/**
 * Another origin: a plain file host with CORS and ranges, as model hubs are, that can also be a bad one.
 *
 *     /public/models/stories-3m/config.json                        the file as it is
 *     /with/missing=model.safetensors/public/models/stories-3m/…   404 for that file
 *     /with/truncated=model.safetensors/…                          its first half, as an upload that broke off
 *     /with/cut=model.safetensors/…                                the connection breaks half-way
 *     /with/corrupt=model.safetensors/…                            bytes 8 … 24 changed: the header of safetensors
 *     /with/slow=model.safetensors/…                               64 KiB every 50 ms
 *     /with/template=story.jinja/…                                 with e2e/templates/story.jinja as chat template
 *
 * Run as: node e2e/host.mjs <port>
 */
import { createReadStream, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const SERVED =
  /^\/((dist|lib|public|test\/reference|bench\/peers|\.cache\/(bench|made-up))\/|e2e\/(plain|firefox)\.html$)/
const TYPES = /** @type {Record<string, string>} */ ({
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
})
const SLOW_CHUNK_BYTES = 65_536
const SLOW_DELAY_MS = 50

createServer((request, response) => {
  answer(request, response).catch((error) => response.destroy(error))
}).listen(Number(process.argv[2]))

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @returns {Promise<unknown>}
 */
async function answer(request, response) {
  const [, fault, faultyFile, rest] =
    /^\/with\/(\w+)=([^/]+)(\/.*)$/.exec(request.url ?? '') ?? /** @type {const} */ (['', '', '', request.url ?? ''])
  const path = normalize(decodeURIComponent(new URL(rest ?? '', 'http://host').pathname))
  const index = path.endsWith('/') ? `${path}index.html` : path
  const given = fault === 'template' && path.endsWith('/chat_template.jinja')
  const file = join(process.cwd(), given ? `e2e/templates/${faultyFile}` : index)
  const applies = fault && !given && file.endsWith(`/${faultyFile}`) ? fault : undefined

  response.setHeader('Access-Control-Allow-Origin', '*')
  response.setHeader('Access-Control-Allow-Headers', 'Range')
  response.setHeader('Access-Control-Expose-Headers', 'Content-Length, Content-Range')
  response.setHeader('Cache-Control', 'no-store')
  if (request.method === 'OPTIONS') return response.writeHead(204).end()

  const size = statSync(file, { throwIfNoEntry: false })?.size
  if (!SERVED.test(path) || size === undefined || applies === 'missing') return response.writeHead(404).end('not found')
  response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream')
  if (applies) return sendBroken(applies, await readFile(file), response)

  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  const start = Number(from ?? 0)
  const end = to ? Math.min(Number(to), size - 1) : size - 1
  response.setHeader('Accept-Ranges', 'bytes').setHeader('Content-Length', end - start + 1)
  if (from) response.setHeader('Content-Range', `bytes ${start}-${end}/${size}`)
  response.writeHead(from ? 206 : 200)
  if (request.method === 'HEAD') return response.end()
  return createReadStream(file, { start, end }).pipe(response)
}

/**
 * @param {string} fault
 * @param {Buffer} bytes
 * @param {import('node:http').ServerResponse} response
 * @returns {Promise<unknown>}
 */
async function sendBroken(fault, bytes, response) {
  const half = bytes.subarray(0, bytes.length / 2)
  switch (fault) {
    case 'truncated':
      return response.setHeader('Content-Length', half.length).end(half)
    case 'cut':
      response.setHeader('Content-Length', bytes.length).write(half)
      await delay(SLOW_DELAY_MS)
      return response.destroy()
    case 'corrupt':
      bytes.fill('#', 8, 24)
      return response.setHeader('Content-Length', bytes.length).end(bytes)
    case 'slow':
      response.setHeader('Content-Length', bytes.length)
      for (let at = 0; at < bytes.length && !response.destroyed; at += SLOW_CHUNK_BYTES) {
        response.write(bytes.subarray(at, at + SLOW_CHUNK_BYTES))
        await delay(SLOW_DELAY_MS)
      }
      return response.end()
    default:
      throw new Error(`unknown fault: ${fault}`)
  }
}
