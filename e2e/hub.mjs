/**
 * A model hub on this machine: lists repositories, and leads from its resolve addresses to another origin that has the
 * files. It can be a bad one: put `/with/<fault>=<file>/` in front of its paths, as a hub's base URL.
 *
 *     cut        every response breaks off after 300,000 bytes
 *     silent     the first response stops after 300,000 bytes, and stays open
 *     flaky      503 for the first two requests
 *     busy       429 with Retry-After: 1 for the first request
 *     down       500, always
 *     short      half of the file, and says so
 *     damaged    one byte is another
 *     page       a web page instead, said to be one
 *     disguised  a web page instead, said to be a file
 *     whole      no ranges
 *     slow       64 KiB every 50 ms
 *     gated      only for whoever has the token "good"; "poor" is known, and may not
 *
 * Repositories: reference/<name> (test/reference/), public/<name> (public/models/), what `put` adds, and made/sparse-<MiB>: a
 * llama checkpoint of so many MiB whose weights are zeros.
 *
 * Run as: node e2e/hub.mjs <port> <port of the other origin>
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sparseCheckpoint } from './sparse.mjs'

/**
 * @typedef {object} Content
 * @property {number} size
 * @property {(from: number, to: number) => Uint8Array} read
 * @property {string} [sha256] stated for what is kept outside of the repository
 * @property {string} oid
 *
 * @typedef {{ origin: string, method: string, path: string, range: string | undefined, authorization: string | undefined }} Seen
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 * @typedef {import('node:http').Server} Server
 */

const ROOTS = /** @type {Record<string, string[]>} */ ({
  reference: ['test/reference', 'test/reference/families'],
  public: ['public/models'],
})
const FILES_PER_PAGE = 4
const SLOW_CHUNK_BYTES = 65_536
const SLOW_DELAY_MS = 50
const CUT_BYTES = 300_000
const LARGE_BYTES = 100_000
const PAGE = Buffer.from('<!doctype html><title>Please sign in</title>')

/**
 * @param {number} [hubPort]
 * @param {number} [filesPort]
 */
export async function startHub(hubPort = 0, filesPort = 0) {
  /** @type {Map<string, Map<string, Content>>} */
  const made = new Map()
  /** @type {Seen[]} */
  const seen = []
  /** @type {Map<string, number>} */
  const counts = new Map()
  const state = { isDown: false }
  /** Earlier ones that are still there. @type {Set<string>} */
  const commits = new Set()

  /** @param {string} id */
  const repository = (id) => {
    const known = made.get(id)
    if (known) return known
    const sparse = /^made\/sparse-(\d+)$/.exec(id)
    const found = sparse ? sparseCheckpoint(Number(sparse[1])) : onDisk(id)
    if (found) made.set(id, found)
    return found
  }

  const servers = await Promise.all([listen(hubPort), listen(filesPort)])
  const [hubUrl, filesUrl] = /** @type {[string, string]} */ (servers.map(addressOf))
  const [hubServer, filesServer] = /** @type {[Server, Server]} */ (servers)
  hubServer.on('request', (request, response) => {
    note('hub', request)
    hub(request, response).catch((error) => response.destroy(error))
  })
  filesServer.on('request', (request, response) => {
    note('files', request)
    files(request, response).catch((error) => response.destroy(error))
  })

  /**
   * @param {string} origin
   * @param {Request} request
   */
  function note(origin, { method = '', url = '', headers: { range, authorization } }) {
    seen.push({ origin, method, path: url, range, authorization })
  }

  /**
   * @param {Request} request
   * @param {Response} response
   * @returns {Promise<unknown>}
   */
  async function hub(request, response) {
    allowOthers(response)
    if (state.isDown) return request.socket.destroy()
    const { fault, path, prefix } = parse(request.url ?? '/')
    if (request.method === 'OPTIONS') return response.writeHead(204).end()
    const url = new URL(path, 'http://hub')
    if (url.pathname === '/api/models')
      return json(
        response,
        [...made.keys()].map((id) => ({ id })),
      )
    if (url.pathname === '/api/whoami-v2') {
      const isKnown = /^Bearer (good|poor)$/.test(request.headers.authorization ?? '')
      return isKnown ? json(response, { type: 'user', name: 'reader' }) : fail(response, 401)
    }
    const [, named = '', meant = ''] = /^\/api\/models\/(.+?)\/revision\/([^/]+)$/.exec(url.pathname) ?? []
    if (named) {
      return revisionOf(named, decodeURIComponent(meant))
        ? json(response, { id: named, sha: commitOf(named) })
        : fail(response, 404, 'RevisionNotFound')
    }
    const [, treeId = '', rev = '', below = ''] =
      /^\/api\/models\/(.+?)\/tree\/([^/]+)\/?(.*)$/.exec(url.pathname) ?? []
    if (treeId) return tree(response, url, prefix, treeId, decodeURIComponent(rev), decodeURIComponent(below))
    const [, id = '', revision = '', name = ''] = /^\/(.+?)\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname) ?? []
    const file = revisionOf(id, decodeURIComponent(revision))?.get(decodeURIComponent(name))
    if (!file) return fail(response, 404, 'EntryNotFound')
    if (applies(fault, name) === 'gated' && request.headers.authorization !== 'Bearer good') {
      const status = request.headers.authorization === 'Bearer poor' ? 403 : 401
      return fail(response, status, request.headers.authorization === 'Bearer wrong' ? '' : 'GatedRepo')
    }
    if (file.sha256 === undefined) return send(request, response, file, applies(fault, name))
    const there = `${filesUrl}${fault ? `with/${fault.what}=${fault.file}/` : ''}blobs/${id}/${name}?signature=1`
    return response.writeHead(302, { location: there }).end()
  }

  /**
   * @param {string} id
   * @param {string} revision
   */
  function revisionOf(id, revision) {
    return ['main', 'refs/pr/1', commitOf(id)].includes(revision) || commits.has(revision) ? repository(id) : undefined
  }

  /** Of all that the repository has now. @param {string} id */
  function commitOf(id) {
    const files = [...(repository(id) ?? [])].map(([path, { oid }]) => `${oid} ${path}`)
    return createHash('sha1').update(files.join('\n')).digest('hex')
  }

  /**
   * @param {Response} response
   * @param {URL} url
   * @param {string} prefix
   * @param {string} id
   * @param {string} revision
   * @param {string} below
   */
  function tree(response, url, prefix, id, revision, below) {
    if (!repository(id)) return fail(response, 401, 'RepoNotFound')
    const found = revisionOf(id, revision)
    if (!found) return fail(response, 404, 'RevisionNotFound')
    const folder = below && !below.endsWith('/') ? `${below}/` : below
    const all = [...found].filter(([path]) => path.startsWith(folder))
    const first = Number(url.searchParams.get('cursor') ?? 0)
    const entries = all.slice(first, first + FILES_PER_PAGE).map(([path, { size, oid, sha256 }]) => ({
      type: 'file',
      oid,
      size,
      path,
      ...(sha256 && { lfs: { oid: sha256, size, pointerSize: 134 } }),
    }))
    if (first + FILES_PER_PAGE < all.length) {
      url.searchParams.set('cursor', `${first + FILES_PER_PAGE}`)
      response.setHeader('Link', `<${hubUrl}${prefix}${url.pathname.slice(1)}${url.search}>; rel="next"`)
    }
    return json(response, entries)
  }

  /**
   * @param {Request} request
   * @param {Response} response
   * @returns {Promise<unknown>}
   */
  async function files(request, response) {
    allowOthers(response)
    if (state.isDown) return request.socket.destroy()
    // Signed addresses: who sends a token as well is refused, as hosts of large files do. So are preflights.
    if (request.headers.authorization || request.method === 'OPTIONS') return response.writeHead(400).end('no')
    const { fault, path } = parse(request.url ?? '/')
    const [, id = '', name = ''] = /^\/blobs\/([^/]+\/[^/]+)\/([^?]+)/.exec(path) ?? []
    const file = repository(id)?.get(decodeURIComponent(name))
    return file ? send(request, response, file, applies(fault, name)) : response.writeHead(404).end('not found')
  }

  /**
   * @param {Request} request
   * @param {Response} response
   * @param {Content} file
   * @param {string | undefined} fault
   */
  async function send(request, response, file, fault) {
    const key = `${fault} ${request.url}`
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (fault === 'flaky' && count <= 2) return fail(response, 503)
    if (fault === 'busy' && count === 1) return fail(response.setHeader('Retry-After', '1'), 429)
    if (fault === 'down') return fail(response, 500)
    const { size, read, oid } = fault === 'page' || fault === 'disguised' ? contentOf(PAGE) : file
    const length = fault === 'short' ? Math.floor(size / 2) : size
    response.setHeader('Content-Type', fault === 'page' ? 'text/html' : 'application/octet-stream')
    response.setHeader('ETag', `"${oid}"`)

    const [, from, to] = (fault !== 'whole' && /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')) || []
    const start = Number(from ?? 0)
    const end = to ? Math.min(Number(to) + 1, length) : length
    if (from && start >= length) return fail(response, 416)
    if (from) response.setHeader('Content-Range', `bytes ${start}-${end - 1}/${length}`)
    response.setHeader('Content-Length', end - start).writeHead(from ? 206 : 200)
    if (request.method === 'HEAD') return response.end()
    const isSilent = fault === 'silent' && count === 1
    const stop = fault === 'cut' || isSilent ? Math.min(end, start + CUT_BYTES) : end
    for (let at = start; at < stop && !response.destroyed; at += SLOW_CHUNK_BYTES) {
      const bytes = Buffer.from(read(at, Math.min(at + SLOW_CHUNK_BYTES, stop)))
      if (fault === 'damaged' && at + bytes.length === length)
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
      if (!response.write(bytes)) await drained(response)
      if (fault === 'slow') await delay(SLOW_DELAY_MS)
    }
    if (stop === end) return response.end()
    if (isSilent) return
    await delay(20)
    return response.destroy()
  }

  return {
    commitOf,
    commits,
    hub: hubUrl,
    files: filesUrl,
    seen,
    /** The hub with a fault. */
    with: (/** @type {string} */ fault) => `${hubUrl}with/${fault}/`,
    /**
     * Adds a file to a repository, or puts another in its place.
     * @param {string} id
     * @param {string} path
     * @param {Uint8Array} bytes
     */
    put(id, path, bytes) {
      const files = repository(id) ?? new Map()
      made.set(id, files.set(path, contentOf(bytes)))
    },
    /** Hangs up on everybody, or does so no more. @param {boolean} isDown */
    hangUp(isDown) {
      state.isDown = isDown
    },
    close: () =>
      Promise.all(
        servers.map((server) => {
          server.closeAllConnections()
          return new Promise((done) => server.close(done))
        }),
      ),
  }
}

/**
 * @param {number} port
 * @returns {Promise<Server>}
 */
function listen(port) {
  const server = createServer()
  return new Promise((done) => server.listen(port, () => done(server)))
}

/** @param {Server} server */
function addressOf(server) {
  const address = server.address()
  return `http://localhost:${typeof address === 'object' && address ? address.port : 0}/`
}

/** @param {string} url */
function parse(url) {
  const [prefix = '', what = '', file = ''] = /^\/with\/([\w-]+)=([^/]+)/.exec(url) ?? []
  const fault = what ? { what, file } : undefined
  return { fault, prefix: prefix && `${prefix.slice(1)}/`, path: url.slice(prefix.length) }
}

/**
 * @param {{ what: string, file: string } | undefined} fault
 * @param {string} name
 */
const applies = (fault, name) => (fault && name.endsWith(fault.file) ? fault.what : undefined)

/** @param {Response} response */
async function drained(response) {
  const settled = new AbortController()
  const { signal } = settled
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]).catch(() => undefined)
  settled.abort()
}

/** @param {Response} response */
function allowOthers(response) {
  response.setHeader('Access-Control-Allow-Origin', '*')
  response.setHeader('Access-Control-Allow-Headers', 'Authorization')
  response.setHeader('Access-Control-Expose-Headers', 'Content-Range, ETag, Link, Retry-After, X-Error-Code')
}

/**
 * @param {Response} response
 * @param {unknown} value
 */
function json(response, value) {
  return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {string} [code]
 */
function fail(response, status, code) {
  if (code) response.setHeader('X-Error-Code', code)
  return response.writeHead(status, { 'content-type': 'text/plain' }).end(`error ${status}`)
}

/**
 * @param {Uint8Array} bytes
 * @returns {Content}
 */
function contentOf(bytes) {
  const oid = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
  return {
    size: bytes.length,
    read: (from, to) => bytes.subarray(from, to),
    oid,
    ...(bytes.length >= LARGE_BYTES && { sha256: createHash('sha256').update(bytes).digest('hex') }),
  }
}

/**
 * @param {string} id
 * @returns {Map<string, Content> | undefined}
 */
function onDisk(id) {
  const [org = '', name = ''] = id.split('/')
  const folders = (ROOTS[org] ?? []).map((root) => fileURLToPath(new URL(`../${root}/${name}/`, import.meta.url)))
  const folder = /^[\w.-]+$/.test(name) ? folders.find((path) => existsSync(path)) : undefined
  if (!folder) return undefined
  const names = readdirSync(folder).filter((file) => statSync(folder + file).isFile())
  return new Map(names.map((file) => [file, contentOf(readFileSync(folder + file))]))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await startHub(Number(process.argv[2]), Number(process.argv[3]))
}
