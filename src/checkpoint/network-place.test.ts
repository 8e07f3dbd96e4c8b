/** Against a hub on this machine, good and bad; what is stored lies in memory. */
import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { startHub } from '../../e2e/hub.mjs'
import { MemoryDirectory } from '../../test/site-files.ts'
import type { LoadNotice } from '../engine/types.ts'
import type { HeadlightError } from '../errors.ts'
import { hubCommit, hubRemote } from './hub.ts'
import { CHUNK_BYTES } from './journal.ts'
import { NetworkPlace } from './network-place.ts'
import { urlRemote } from './remote.ts'
import { type HubSource, parseSource, sourceText } from './source.ts'
import { deleteModel, listModels, ModelStore } from './store.ts'

const QUICK = { attempts: 3, firstMs: 1, silenceMs: 500 }
const ID = 'made/model'
const FILE = 'model.safetensors'

/** Not the same anywhere, and no multiple of a chunk. */
const numbers = (seed: number, length: number) => {
  const bytes = new Uint8Array(length)
  for (let i = 0, state = seed; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}
const WEIGHTS = numbers(1, 3 * CHUNK_BYTES + 12_345)
const OTHERS = numbers(2, WEIGHTS.length)

let hub: Awaited<ReturnType<typeof startHub>>
beforeAll(async () => {
  hub = await startHub()
})
afterAll(() => hub.close())

let root: MemoryDirectory
let notices: LoadNotice[]
beforeEach(() => {
  root = new MemoryDirectory()
  notices = []
  hub.put(ID, 'config.json', new TextEncoder().encode('{"layers":2}'))
  hub.put(ID, FILE, WEIGHTS)
  hub.seen.length = 0
})
afterEach(() => hub.hangUp(false))

interface Options {
  id?: string
  base?: string
  token?: string
  store?: boolean
  persist?: () => Promise<boolean>
}
function place({ id = ID, base = hub.hub, token, store = true, persist = async () => false }: Options = {}) {
  const source = parseSource(id, { hub: base }) as HubSource
  const storing = { store: new ModelStore(root.handle, sourceText(source), 'model'), canWrite: true, persist }
  return new NetworkPlace(hubRemote(source, token, QUICK), store ? storing : undefined, (why) => notices.push(why))
}

async function bytesOf(file: { body: ReadableStream<Uint8Array> } | undefined): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of file!.body) pieces.push(piece.slice())
  return Buffer.concat(pieces)
}
const same = (found: Uint8Array, want: Uint8Array) => Buffer.compare(found, want) === 0
const ranges = () => hub.seen.filter(({ origin, path }) => origin === 'files' && path.includes(FILE)).length

describe('the list of files', () => {
  test('comes in pages, with sizes and SHA-256', async () => {
    for (let i = 0; i < 9; i++) hub.put('made/many', `file-${i}.txt`, Uint8Array.of(i))
    hub.put('made/many', 'sub/large.bin', WEIGHTS)
    const files = await place({ id: 'made/many' }).list()
    expect(files!.map(({ name }) => name)).toHaveLength(10)
    expect(files!.at(-1)).toMatchObject({
      name: 'sub/large.bin',
      byteLength: WEIGHTS.length,
      sha256: createHash('sha256').update(WEIGHTS).digest('hex'),
    })
    const below = await place({ id: `${hub.hub}made/many/tree/main/sub` }).list()
    expect(below!.map(({ name }) => name)).toEqual(['large.bin'])
  })

  test('of a revision', async () => {
    expect(await place({ id: `${ID}@refs/pr/1` }).list()).toHaveLength(2)
    await expect(place({ id: `${ID}@v9` }).list()).rejects.toMatchObject({ code: 'missing-file' })
  })

  test('says which commit a revision is', async () => {
    const commitOf = (id: string, base = hub.hub) => hubCommit(parseSource(id, { hub: base }) as HubSource, undefined)
    const commit = hub.commitOf(ID)
    expect(commit).toMatch(/^[0-9a-f]{40}$/)
    expect(await commitOf(ID)).toBe(commit)
    expect(await commitOf(`${ID}@refs/pr/1`)).toBe(commit)
    expect(await commitOf(`${ID}@v9`)).toBeUndefined()
    hub.seen.length = 0
    expect(await commitOf(`${ID}@${commit}`)).toBe(commit)
    expect(hub.seen).toEqual([])
  })

  test('of a repository that is not there', async () => {
    const error = { code: 'no-access', message: expect.stringContaining('does not exist') }
    await expect(place({ id: 'made/none' }).list()).rejects.toMatchObject(error)
  })

  test('files that are not in it are not asked for', async () => {
    const here = place()
    expect(await here.text('tokenizer.json')).toBeUndefined()
    expect(await here.open('pytorch_model.bin')).toBeUndefined()
    expect(hub.seen).toHaveLength(1)
  })
})

describe('a download', () => {
  test('comes in ranges from another origin, is stored, and is not fetched again', async () => {
    const large = numbers(3, 18 * CHUNK_BYTES)
    hub.put(ID, FILE, large)
    const here = place()
    expect(await here.json('config.json')).toEqual({ layers: 2 })
    let received = 0
    const file = await here.open(FILE)
    file!.arrivals!((count) => (received += count))
    expect(same(await bytesOf(file), large)).toBe(true)
    expect(received).toBe(large.length)
    await here.finish()
    const asked = hub.seen.filter(({ origin }) => origin === 'files')
    expect(asked).toHaveLength(2)
    for (const { range } of asked) expect(range).toMatch(/^bytes=\d+-\d*$/)

    hub.seen.length = 0
    const again = place()
    let stored = 0
    const kept = await again.open(FILE)
    kept!.arrivals!((count, isStored) => (stored += isStored ? count : 0))
    expect(same(await bytesOf(kept), large)).toBe(true)
    expect(stored).toBe(large.length)
    expect(await again.text('config.json')).toBe('{"layers":2}')
    expect(hub.seen.map(({ path }) => path)).toEqual([expect.stringContaining('/api/')])
    expect(root.isOpen).toBe(false)
    expect(notices).toEqual([])
  })

  test('works without the hub afterwards, and only then', async () => {
    const here = place()
    await here.text('config.json')
    await bytesOf(await here.open(FILE))
    hub.hangUp(true)
    await expect(place().text('config.json')).rejects.toMatchObject({ code: 'network' })
    await here.finish()
    const offline = place()
    expect(await offline.text('config.json')).toBe('{"layers":2}')
    expect(await offline.text('tokenizer.json')).toBeUndefined()
    expect(same(await bytesOf(await offline.open(FILE)), WEIGHTS)).toBe(true)
    expect((await offline.list())!.map(({ name }) => name).sort()).toEqual(['config.json', FILE])
  })

  test('that is cancelled goes on where it stopped', async () => {
    const slow = place({ base: hub.with(`slow=${FILE}`) })
    const abort = new AbortController()
    const file = await slow.open(FILE, abort.signal)
    const reading = bytesOf(file)
    await vi.waitFor(async () => {
      const [model] = await listModels(root.handle)
      expect(model?.files[0]?.storedBytes).toBeGreaterThan(2 * CHUNK_BYTES)
    }, 10_000)
    abort.abort(new Error('enough'))
    await expect(reading).rejects.toThrow('enough')
    expect(root.isOpen).toBe(false)

    const [model] = await listModels(root.handle)
    expect(model).toMatchObject({ source: ID, isComplete: false })
    const before = model!.files[0]!.storedBytes
    const again = await place().open(FILE)
    let [stored, received] = [0, 0]
    again!.arrivals!((count, isStored) => {
      if (isStored) stored += count
      else received += count
    })
    expect(same(await bytesOf(again), WEIGHTS)).toBe(true)
    expect(stored).toBe(before)
    expect(received).toBe(WEIGHTS.length - before)
  })

  test('whose reader has enough, at once or later, closes what it opened', async () => {
    const never = await place().open(FILE)
    await never!.body.cancel()
    const later = await place().open(FILE)
    const reader = later!.body.getReader()
    await reader.read()
    await reader.cancel()
    expect(root.isOpen).toBe(false)
  })

  test('of a file that changed upstream starts anew, also where part of it is stored', async () => {
    const here = place()
    await bytesOf(await here.open(FILE))
    await here.finish()
    hub.put(ID, FILE, OTHERS)
    const changed = await place().open(FILE)
    const reader = changed!.body.getReader()
    await reader.read()
    await reader.cancel()
    expect((await listModels(root.handle))[0]!.isComplete).toBe(false)
    hub.put(ID, FILE, WEIGHTS)
    expect(same(await bytesOf(await place().open(FILE)), WEIGHTS)).toBe(true)
  })

  test('while another tab stores the same is not stored twice', async () => {
    const first = await place().open(FILE)
    const second = await place().open(FILE)
    expect(notices).toEqual(['in-use'])
    expect(same(await bytesOf(second), WEIGHTS)).toBe(true)
    expect(same(await bytesOf(first), WEIGHTS)).toBe(true)
  })

  test('nothing is stored where nothing is to be', async () => {
    const here = place({ store: false })
    expect(same(await bytesOf(await here.open(FILE)), WEIGHTS)).toBe(true)
    await here.finish()
    expect(root.paths).toEqual([])
    expect(notices).toEqual([])
  })

  test('a look at a header fetches little and stores nothing', async () => {
    const reader = (await place().look(FILE))!.body.getReader()
    expect((await reader.read()).value!.length).toBeGreaterThan(0)
    await reader.cancel()
    expect(hub.seen.at(-1)!.range).toBe('bytes=0-65535')
    expect(root.paths).toEqual([])
    expect(same(await bytesOf(await place().look(FILE)), WEIGHTS)).toBe(true)
  })
})

describe('a bad host', () => {
  test.each(['cut', 'flaky', 'busy', 'whole', 'silent'])('%s: heals', async (fault) => {
    for (const store of [true, false]) {
      const here = place({ base: hub.with(`${fault}=${FILE}`), store })
      expect(same(await bytesOf(await here.open(FILE)), WEIGHTS)).toBe(true)
    }
    expect(same(await bytesOf(await place().open(FILE)), WEIGHTS)).toBe(true)
    if (fault === 'whole') expect(ranges()).toBe(2)
  })

  test.each([
    ['damaged', 'bad-file', 'SHA-256'],
    ['short', 'network', 'changed'],
    ['page', 'missing-file', 'web page'],
    ['disguised', 'network', 'changed'],
    ['down', 'network', '500'],
  ])('%s: %s, and nothing of it is kept', async (fault, code, says) => {
    for (const store of [true, false]) {
      const read = async () => bytesOf(await place({ base: hub.with(`${fault}=${FILE}`), store }).open(FILE))
      await expect(read()).rejects.toMatchObject({ code, message: expect.stringContaining(says) })
      expect(root.paths).toEqual([])
      expect(root.isOpen).toBe(false)
    }
  })

  test.each([
    [undefined, 'gated'],
    ['poor', 'not-granted'],
    ['wrong', 'bad-token'],
  ])('gated, with token %s: says what to do', async (token, reason) => {
    const gated = place({ base: hub.with('gated=config.json'), ...(token && { token }) })
    const error = await gated.text('config.json').catch((caught: HeadlightError) => caught)
    expect(error).toMatchObject({ code: 'no-access', details: { reason } })
    expect(`${error} ${JSON.stringify(error)}`).not.toMatch(/\b(poor|wrong)\b/)
  })

  test('a token opens what is gated, and goes nowhere but to the hub', async () => {
    const gated = place({ base: hub.with(`gated=${FILE}`), token: 'good' })
    expect(same(await bytesOf(await gated.open(FILE)), WEIGHTS)).toBe(true)
    expect(hub.seen.filter(({ origin }) => origin === 'hub').every(({ authorization }) => authorization)).toBe(true)
    expect(hub.seen.filter(({ origin }) => origin === 'files').some(({ authorization }) => authorization)).toBe(false)
  })

  test.each(['a secret', 'secret\n', '密钥secret'])('a token that no header can carry is not told of: %j', (token) => {
    const refused = () => place({ token })
    expect(refused).toThrow(expect.objectContaining({ code: 'bad-input', message: expect.stringContaining('token') }))
    expect(refused).not.toThrow(/secret/)
  })

  test('a pause longer than we wait is told of', async () => {
    const { request } = await import('./http.ts')
    vi.stubGlobal('fetch', async () => new Response('', { status: 429, headers: { 'retry-after': '3600' } }))
    const asking = request({ name: 'x', url: 'https://a.test/x', patience: QUICK })
    await expect(asking).rejects.toMatchObject({ code: 'network', details: { status: 429, retryAfterSeconds: 3600 } })
    vi.unstubAllGlobals()
  })
})

describe('a full disk', () => {
  test('from the start: asks for more, then goes on without', async () => {
    root.quota.bytes = 2 * CHUNK_BYTES
    const persist = vi.fn(async () => false)
    expect(same(await bytesOf(await place({ persist }).open(FILE)), WEIGHTS)).toBe(true)
    expect(persist).toHaveBeenCalledOnce()
    expect(notices).toEqual(['quota'])
    expect(root.paths).toEqual([])
  })

  test('asks for more, and gets it', async () => {
    root.quota.bytes = 2 * CHUNK_BYTES
    const persist = async () => {
      root.quota.bytes = 50 * CHUNK_BYTES
      return true
    }
    const here = place({ persist })
    await bytesOf(await here.open(FILE))
    await here.finish()
    expect(notices).toEqual([])
    expect((await listModels(root.handle))[0]!.isComplete).toBe(true)
  })

  test('in the middle: asks once for more, then goes on from the network, and leaves nothing', async () => {
    for (const granted of [false, true]) {
      notices.length = 0
      delete root.quota.writes
      const persist = vi.fn(async () => granted)
      const file = await place({ persist }).open(FILE)
      root.quota.writes = 2
      expect(same(await bytesOf(file), WEIGHTS)).toBe(true)
      expect(persist).toHaveBeenCalledOnce()
      expect(notices).toEqual(['quota'])
      expect(root.paths).toEqual([])
    }
  })

  test('in the middle: asks for more, gets it, and stores the rest', async () => {
    const persist = vi.fn(async () => {
      delete root.quota.writes
      return true
    })
    const here = place({ persist })
    const file = await here.open(FILE)
    root.quota.writes = 2
    expect(same(await bytesOf(file), WEIGHTS)).toBe(true)
    await here.finish()
    expect(persist).toHaveBeenCalledOnce()
    expect(notices).toEqual([])
    expect((await listModels(root.handle))[0]).toMatchObject({ isComplete: true })
    expect(same(await bytesOf(await place().open(FILE)), WEIGHTS)).toBe(true)
    expect(root.isOpen).toBe(false)
  })

  test.each([0, 2])('after %d writes, while nobody answers: can be cancelled', async (writes) => {
    const persist = vi.fn(() => new Promise<boolean>(() => undefined))
    const abort = new AbortController()
    const here = place({ persist })
    await here.list()
    if (writes === 0) root.quota.bytes = CHUNK_BYTES
    const reading = here.open(FILE, abort.signal).then((file) => {
      root.quota.writes = writes
      return bytesOf(file)
    })
    await vi.waitFor(() => expect(persist).toHaveBeenCalled())
    abort.abort(new Error('enough'))
    await expect(reading).rejects.toThrow('enough')
    expect(root.isOpen).toBe(false)
  })
})

describe('a folder by its URL', () => {
  const open = () => {
    const url = `${hub.files}blobs/${ID}/`
    const storing = { store: new ModelStore(root.handle, url, 'model'), canWrite: true, persist: async () => false }
    return new NetworkPlace(urlRemote(url, QUICK), storing, (why) => notices.push(why))
  }

  test('is stored, asked whether it changed, and works offline', async () => {
    const here = open()
    expect(await here.list()).toBeUndefined()
    expect(await here.stat(FILE)).toMatchObject({ byteLength: WEIGHTS.length })
    expect(await here.text('config.json')).toBe('{"layers":2}')
    expect(await here.text('none.json')).toBeUndefined()
    expect(same(await bytesOf(await here.open(FILE)), WEIGHTS)).toBe(true)
    await here.finish()

    hub.seen.length = 0
    expect(same(await bytesOf(await open().open(FILE)), WEIGHTS)).toBe(true)
    expect(hub.seen.map(({ method }) => method)).toEqual(['HEAD'])

    hub.put(ID, FILE, OTHERS)
    expect(same(await bytesOf(await open().open(FILE)), OTHERS)).toBe(true)
    expect((await listModels(root.handle))[0]!.isComplete).toBe(false)

    const again = open()
    await again.text('config.json')
    await bytesOf(await again.open(FILE))
    await again.finish()
    hub.hangUp(true)
    const offline = open()
    expect(await offline.text('config.json')).toBe('{"layers":2}')
    expect(await offline.text('none.json')).toBeUndefined()
    expect(same(await bytesOf(await offline.open(FILE)), OTHERS)).toBe(true)
  })
})

test('models are listed and deleted', async () => {
  const here = place()
  await here.text('config.json')
  await bytesOf(await here.open(FILE))
  await here.finish()
  const [model] = await listModels(root.handle)
  expect(model).toMatchObject({ source: ID, name: 'model', isComplete: true })
  expect(model!.files.map(({ identity, isComplete }) => [identity.name, isComplete])).toEqual([
    ['config.json', true],
    [FILE, true],
  ])
  expect(Date.now() - model!.lastUsed).toBeLessThan(60_000)
  const open = await place().open(FILE) // complete: nothing is locked
  await deleteModel(root.handle, ID)
  expect(await listModels(root.handle)).toEqual([])
  await open!.body.cancel()

  const loading = await place().open(FILE)
  const inUse = { code: 'bad-input', details: { reason: 'in-use' } }
  await expect(deleteModel(root.handle, ID)).rejects.toMatchObject(inUse)
  const [listed] = await listModels(root.handle)
  await expect(listed!.remove()).rejects.toMatchObject(inUse)
  await loading!.body.cancel()
  await listed!.remove()
  await listed!.remove() // as when another tab was faster
  expect(root.paths).toEqual([])
})
