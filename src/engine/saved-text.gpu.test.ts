/** Keys and values of a text are stored, and a later session goes on from them. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startHub } from '../../e2e/hub.mjs'
import { count } from '../../test/count.ts'
import { gpu } from '../../test/gpu.ts'
import { MemoryDirectory, type MemoryFile } from '../../test/site-files.ts'
import { PATIENCE } from '../checkpoint/http.ts'
import { hubRemote } from '../checkpoint/hub.ts'
import { NetworkPlace } from '../checkpoint/network-place.ts'
import { type HubSource, parseSource } from '../checkpoint/source.ts'
import { deleteTexts, listTexts, TextStore } from '../checkpoint/text-store.ts'
import { load } from './load.ts'
import { LocalModel } from './model.ts'
import { reporter } from './progress.ts'
import type { CachePrecision, GenerateOptions, LoadOptions, Session } from './types.ts'

const ID = 'made/saved'
const TEXT = 'a text'
/** More than one piece, where the cache is in f32. */
const PROMPT = Array.from({ length: 345 }, (_, i) => 300 + ((i * i) % 500))
const SHORT = PROMPT.slice(0, 12)
const HOW = { temperature: 1, topK: 0, seed: 5, ignoreEndOfText: true, maxTokens: 8 } as const

let hub: Awaited<ReturnType<typeof startHub>>
let weights: Uint8Array
beforeAll(async () => {
  hub = await startHub()
  for (const name of ['config.json', 'model.safetensors']) {
    const bytes = await readFile(new URL(`../../public/models/stories-3m/${name}`, import.meta.url))
    if (name === 'model.safetensors') weights = bytes
    hub.put(ID, name, bytes)
  }
})
afterAll(async () => {
  for (const coming of models.values()) (await coming).destroy()
  hub.close()
})

const root = new MemoryDirectory()
beforeEach(() => deleteTexts(root.handle))

const store = () => new TextStore(root.handle, { source: ID, model: 'saved' }, async () => 1e9, true)

const NOTHING = { text: TEXT, source: ID, model: 'saved', made: '', tokens: [], byteLength: 0, pieceBytes: 1 }

async function loaded(options: LoadOptions = {}): Promise<LocalModel> {
  const source = parseSource(ID, { hub: hub.hub }) as HubSource
  const texts = store()
  const place = Object.assign(new NetworkPlace(hubRemote(source, undefined, PATIENCE), undefined, () => undefined), {
    source,
    texts,
  })
  return new LocalModel(await load(gpu, place, reporter(undefined), options), () => undefined)
}

/** Loaded once. */
const models = new Map<CachePrecision, Promise<LocalModel>>()
function modelWith(kv: CachePrecision): Promise<LocalModel> {
  const model = models.get(kv) ?? loaded({ kv })
  models.set(kv, model)
  return model
}

async function written(session: Session, ids: readonly number[], options: GenerateOptions = {}) {
  const tokens: (readonly [id: number, logprob: number])[] = []
  for await (const { id, logprob } of session.generate(ids, { ...HOW, ...options })) tokens.push([id, logprob])
  return tokens
}

const idsOf = (tokens: readonly (readonly [id: number, logprob: number])[]) => tokens.map(([id]) => id)

/** Writes a text, saves it, and writes on: what a session that never ended makes of it. */
async function save(model: LocalModel) {
  const session = model.session()
  const ids = [...PROMPT, ...idsOf(await written(session, PROMPT))]
  expect(await session.save(TEXT)).toBe(ids.length - 1) // nothing has read the last one
  const next = await written(session, ids)
  session.destroy()
  return { ids, next }
}

async function fileOf(): Promise<MemoryFile> {
  const texts = await root.getDirectoryHandle('headlight-texts')
  for await (const [model] of texts.entries()) {
    const directory = await texts.getDirectoryHandle(model)
    for await (const [name] of directory.entries()) return (await directory.getFileHandle(name)).file
  }
  throw new Error('nothing is stored')
}

test.each<CachePrecision>(['f16', 'f32'])('a restored text goes on as if never left (%s)', async (kv) => {
  const { ids, next } = await save(await modelWith(kv))
  const model = await loaded({ kv })
  const session = model.session()
  expect(await session.restore(TEXT)).toBe(ids.length - 1)
  const { stop } = count()
  expect(await written(session, ids)).toEqual(next)
  expect(stop().dispatches).toBe(HOW.maxTokens * model.info.dispatchesPerToken)
  model.destroy()
})

test('its bytes are those of its tokens, and little more', async () => {
  const { ids } = await save(await modelWith('f16'))
  const [stored] = await listTexts(root.handle)
  expect(stored).toMatchObject({ text: TEXT, source: ID, model: 'saved', tokens: ids.slice(0, -1) })
  expect(stored!.byteLength).toBe((ids.length - 1) * 1536)
  expect(root.size - stored!.byteLength).toBeLessThan(4096)
})

describe('of a text that was saved before', () => {
  const PIECE = Math.floor((1 << 20) / 3072)

  test('only what is new is read back and written', async () => {
    const model = await modelWith('f32')
    const session = model.session()
    const ids = [...PROMPT, ...idsOf(await written(session, PROMPT))]
    await session.save(TEXT)
    const first = (await fileOf()).bytes.slice(0, PIECE * 3072)
    await written(session, ids)
    const { stop } = count()
    const tokens = await session.save(TEXT)
    expect(tokens).toBe(ids.length + HOW.maxTokens - 1)
    expect(stop().bytesRead).toBe((tokens - PIECE) * 3072)
    expect(Buffer.compare((await fileOf()).bytes.subarray(0, first.length), first)).toBe(0)

    const other = model.session()
    expect(await other.restore(TEXT)).toBe(tokens)
    const again = [...ids, ...idsOf(await written(other, ids))]
    expect(await written(other, again)).toEqual(await written(session, again))
  })

  test('nothing stays that is another', async () => {
    const model = await modelWith('f32')
    await save(model)
    const session = model.session()
    const turned = PROMPT.toReversed()
    const text = [...turned, ...idsOf(await written(session, turned))]
    const tokens = await session.save(TEXT)
    const other = model.session()
    expect(await other.restore(TEXT)).toBe(tokens)
    expect(await written(other, text)).toEqual(await written(session, text))
  })
})

test('a session that is there already reads nothing', async () => {
  const session = (await modelWith('f16')).session()
  await written(session, PROMPT)
  const tokens = await session.save(TEXT)
  const { stop } = count()
  expect(await session.restore(TEXT)).toBe(tokens)
  expect(stop().bytesWritten).toBe(0)
})

describe('what is stored is dropped', () => {
  let good: Uint8Array<ArrayBuffer> | undefined
  async function goodFile(model: LocalModel): Promise<MemoryFile> {
    if (!good) {
      await save(model)
      good = (await fileOf()).bytes
    }
    await store().write(NOTHING, async function* () {}) // makes the file
    return Object.assign(await fileOf(), { bytes: good.slice() })
  }

  const invert = (file: MemoryFile, at: number) => (file.bytes[at]! ^= 1)
  test.each<[how: string, damage: (file: MemoryFile) => void]>([
    ['a number of the first piece is another', (file) => invert(file, 1000)],
    ['a number of the last piece is another', (file) => invert(file, 352 * 3072 - 1)],
    ['a token is another', (file) => invert(file, 352 * 3072 + 300)],
    ['its length is another', (file) => invert(file, file.bytes.length - 65)],
    ['its hash is another', (file) => invert(file, file.bytes.length - 1)],
    ['its end is missing', (file) => (file.bytes = file.bytes.slice(0, -1))],
    ['its beginning is missing', (file) => (file.bytes = file.bytes.slice(8))],
    ['it is empty', (file) => (file.bytes = new Uint8Array())],
    ['it was never finished', (file) => (file.bytes = file.bytes.slice(0, 352 * 3072))],
  ])('where %s', async (_, damage) => {
    const model = await modelWith('f32')
    await goodFile(model)
    expect(await model.session().restore(TEXT)).toBe(352)
    damage(await goodFile(model))
    expect(await model.session().restore(TEXT)).toBe(0)
    expect(root.isOpen).toBe(false)
    expect((await listTexts(root.handle)).length).toBe(0)
  })

  test('halfway, and the session writes as if it had not been there', async () => {
    const model = await modelWith('f32')
    const { ids, next } = await save(model)
    invert(await fileOf(), 352 * 3072 - 1)
    const session = model.session()
    expect(await session.restore(TEXT)).toBe(0)
    expect(idsOf(await written(session, ids))).toEqual(idsOf(next))
    expect(await session.save(TEXT)).toBe(ids.length + HOW.maxTokens - 1)
    expect(await model.session().restore(TEXT)).toBe(ids.length + HOW.maxTokens - 1)
  })

  test('where the cache is of another precision', async () => {
    await save(await modelWith('f16'))
    expect(await (await modelWith('f32')).session().restore(TEXT)).toBe(0)
    expect(root.paths).toEqual([])
  })

  test('where the weights are of another precision', async () => {
    await save(await modelWith('f16'))
    const model = await loaded({ weights: 'q8', kv: 'f16' })
    expect(await model.session().restore(TEXT)).toBe(0)
    model.destroy()
  })

  test('where the weights changed', async () => {
    await save(await modelWith('f16'))
    const changed = Uint8Array.from(weights)
    changed[changed.length - 1]! ^= 1
    hub.put(ID, 'model.safetensors', changed)
    const model = await loaded({ kv: 'f16' })
    hub.put(ID, 'model.safetensors', weights)
    expect(await model.session().restore(TEXT)).toBe(0)
    model.destroy()
  })
})

describe('nothing is saved', () => {
  test('of a session that wrote nothing, or with a model that is changed', async () => {
    const session = (await modelWith('f16')).session()
    expect(await session.save(TEXT)).toBe(0)
    await written(session, PROMPT, { interventions: { layers: { 1: 0 } } })
    expect(await session.save(TEXT)).toBe(0)
    await written(session, PROMPT)
    expect(await session.save(TEXT)).toBeGreaterThan(0)
  })

  test('where there is no room, and nothing is left of it', async () => {
    root.quota.bytes = 100_000
    const session = (await modelWith('f16')).session()
    await written(session, PROMPT)
    expect(await session.save(TEXT)).toBe(0)
    root.quota.bytes = Number.POSITIVE_INFINITY
    expect(root.paths).toEqual([])
  })

  test('where the session is to write meanwhile: saving ends, and writing is as ever', async () => {
    const model = await modelWith('f16')
    const session = model.session()
    const ids = [...SHORT, ...idsOf(await written(session, SHORT))]
    const saving = session.save(TEXT)
    const next = await written(session, ids)
    expect(await saving).toBe(0)
    expect(root.paths).toEqual([])
    const undisturbed = model.session()
    await written(undisturbed, SHORT)
    expect(await written(undisturbed, ids)).toEqual(next)
  })

  test('where the session is destroyed meanwhile', async () => {
    const model = await modelWith('f16')
    await written(model.session(), PROMPT) // what sessions share is made now
    const { stop } = count()
    const session = model.session()
    await written(session, PROMPT)
    const saving = session.save(TEXT)
    session.destroy()
    expect(await saving).toBe(0)
    expect(stop().buffers).toBe(0)
    expect(await session.restore(TEXT)).toBe(0)
    expect(root.paths).toEqual([])
  })
})

test('saving waits while another session writes', async () => {
  const model = await modelWith('f16')
  const session = model.session()
  await written(session, PROMPT)
  const writing = model.session().generate(PROMPT, { ...HOW, maxTokens: 100 })
  await writing.next()
  let isSaved = false
  const saving = session.save(TEXT).then((tokens) => {
    isSaved = true
    return tokens
  })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(isSaved).toBe(false)
  await writing.return('stop')
  expect(await saving).toBeGreaterThan(0)
})

test('writing waits for what is being restored', async () => {
  const model = await modelWith('f16')
  const { ids, next } = await save(model)
  const session = model.session()
  const restoring = session.restore(TEXT)
  expect(await written(session, ids)).toEqual(next)
  expect(await restoring).toBe(ids.length - 1)
})
