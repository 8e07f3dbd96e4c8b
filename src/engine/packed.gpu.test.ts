/** Weights that were rounded while they streamed in are stored, and the next load reads these and nothing else. */
import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { startHub } from '../../e2e/hub.mjs'
import { count } from '../../test/count.ts'
import { gpu } from '../../test/gpu.ts'
import { referenceUrl } from '../../test/reference/folder.ts'
import { MemoryDirectory, type MemoryFile } from '../../test/site-files.ts'
import { chooseWeights } from '../checkpoint/choose.ts'
import { hubRemote } from '../checkpoint/hub.ts'
import { NetworkPlace } from '../checkpoint/network-place.ts'
import { type HubSource, parseSource, sourceText } from '../checkpoint/source.ts'
import { deleteModel, listModels, ModelStore } from '../checkpoint/store.ts'
import { openContents } from './contents.ts'
import { examine } from './examine.ts'
import { load } from './load.ts'
import { LocalModel } from './model.ts'
import { openPacked, packingOf } from './packed.ts'
import { reporter } from './progress.ts'
import type { LoadProgress, WeightPrecision } from './types.ts'

const ID = 'made/packed'
const IDS = [5, 34, 101, 93, 22]
const PATIENCE = { attempts: 2, firstMs: 1, silenceMs: 500 }

let hub: Awaited<ReturnType<typeof startHub>>
let files: Readonly<Record<string, Uint8Array>>
beforeAll(async () => {
  hub = await startHub()
  const names = ['config.json', 'model.safetensors']
  files = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(new URL(name, referenceUrl('llama')))] as const)),
  )
})
afterAll(() => hub.close())

let root: MemoryDirectory
beforeEach(() => {
  root = new MemoryDirectory()
  for (const [name, bytes] of Object.entries(files)) hub.put(ID, name, bytes)
})
afterEach(() => hub.hangUp(false))

function place() {
  const source = parseSource(ID, { hub: hub.hub }) as HubSource
  const store = new ModelStore(root.handle, sourceText(source), 'model')
  const storing = { store, canWrite: true, persist: async () => false }
  return Object.assign(new NetworkPlace(hubRemote(source, undefined, PATIENCE), storing, () => undefined), { source })
}

/** Loads, computes, and waits until what is packed meanwhile is stored, where `packs`. */
async function logitsOf(weights: WeightPrecision, packs = true) {
  const told: LoadProgress[] = []
  hub.seen.length = 0
  const report = reporter((each) => told.push(each))
  const model = new LocalModel(await load(gpu, place(), report, { weights }), () => undefined)
  const { logits } = await model.forward(IDS, { logits: 'all' })
  if (packs) await packedWhole()
  model.destroy()
  const fetched = hub.seen.some(({ path }) => path.includes('model.safetensors'))
  return { logits, fetched, progress: told.at(-1)! }
}

async function stored() {
  const [model] = await listModels(root.handle)
  return model
}
const packed = async () => (await stored())?.files.find(({ identity }) => identity.name.startsWith('packed.'))

const packedWhole = () =>
  vi.waitFor(async () => {
    const { identity, isComplete } = (await packed())!
    expect([isComplete, (await contentOf(identity.name)).bytes.length]).toEqual([true, identity.byteLength])
  })

/** The bytes of a stored file. */
async function contentOf(name: string): Promise<MemoryFile> {
  const models = await root.getDirectoryHandle('headlight-models')
  for await (const [key] of models.entries()) {
    return (await (await models.getDirectoryHandle(key)).getFileHandle(`data.${name}`)).file
  }
  throw new Error('nothing is stored')
}

test.each(['q8', 'q4'] as const)('%s: the second load reads no byte of the original', async (weights) => {
  const first = await logitsOf(weights)
  expect(first.fetched).toBe(true)
  ;(await contentOf('model.safetensors')).bytes.fill(0)
  const second = await logitsOf(weights)
  expect(second.fetched).toBe(false)
  expect(second.logits).toEqual(first.logits)
  const { download, cachedBytes, weights: moved } = second.progress
  expect(download.done).toBe(cachedBytes)
  expect(moved.done).toBeLessThan(first.progress.weights.done / 2)

  const examined = await examine(gpu, place(), { weights })
  expect(examined.files.map(({ name }) => name)).toEqual(['config.json', `packed.${weights}`])
  expect(examined.cachedBytes).toBe(examined.byteLength)

  hub.hangUp(true)
  expect((await logitsOf(weights)).logits).toEqual(first.logits)
})

test('it is one of the files of the model, and goes with it', async () => {
  await logitsOf('q4')
  const names = (await stored())!.files.map(({ identity }) => identity.name)
  expect(names).toEqual(['config.json', 'model.safetensors', 'packed.q4'])
  expect((await packed())!.storedBytes).toBe((await contentOf('packed.q4')).bytes.length)
  expect(await stored()).toMatchObject({ isComplete: true })
  await deleteModel(root.handle, ID)
  expect(root.paths).toEqual([])
})

describe('what is packed is not used, and packed anew,', () => {
  test.each<[how: string, damage: (file: MemoryFile) => void]>([
    ['its end is missing', (file) => (file.bytes = file.bytes.slice(0, -1))],
    ['a number is another', (file) => (file.bytes[file.bytes.length - 1000]! ^= 1)],
    ['a hash is another', (file) => (file.bytes[file.bytes.lastIndexOf(0x22)]! ^= 1)],
    ['its header is no JSON', (file) => (file.bytes[12] = 0)],
    ['its header has another length', (file) => (file.bytes[11]! ^= 1)],
    ['it is empty', (file) => (file.bytes = new Uint8Array())],
  ])('where %s', async (_, damage) => {
    const { logits } = await logitsOf('q4')
    const file = await contentOf('packed.q4')
    const good = file.bytes.slice()
    damage(file)
    const { stop } = count()
    expect((await logitsOf('q4')).logits).toEqual(logits)
    expect(stop().buffers).toBe(0)
    expect(Buffer.compare((await contentOf('packed.q4')).bytes, good)).toBe(0)
    expect(root.isOpen).toBe(false)
  })

  test('where the original changed', async () => {
    const { logits } = await logitsOf('q4')
    const changed = Uint8Array.from(files['model.safetensors']!)
    changed[changed.length - 1]! ^= 0x40
    hub.put(ID, 'model.safetensors', changed)
    const second = await logitsOf('q4')
    expect(second.fetched).toBe(true)
    expect(second.logits).not.toEqual(logits)
    expect((await logitsOf('q4')).logits).toEqual(second.logits)
  })

  test('where the config asks for other tensors', async () => {
    await logitsOf('q4')
    const config = JSON.parse(new TextDecoder().decode(files['config.json'])) as { num_hidden_layers: number }
    const fewer = { ...config, num_hidden_layers: config.num_hidden_layers - 1 }
    hub.put(ID, 'config.json', new TextEncoder().encode(JSON.stringify(fewer)))
    const { logits } = await logitsOf('q4')
    expect((await logitsOf('q4')).logits).toEqual(logits)
  })

  test('where this device divides matrices in another way', async () => {
    await logitsOf('q4')
    const here = place()
    const packing = await packingOf(here, chooseWeights(here.source, await here.list()), 'q4')
    const { requests } = await openContents(here, undefined)
    expect(await openPacked(packing!, requests, gpu.partBytes)).toBeDefined()
    expect(await openPacked(packing!, requests, 2048)).toBeUndefined()
    expect(await packed()).toBeUndefined()
  })
})

test('nothing is packed of weights that stay as they are', async () => {
  await logitsOf('auto', false)
  await logitsOf('f16', false)
  expect(await packed()).toBeUndefined()
})

test('nothing of it is left where the model is destroyed before', async () => {
  const { pack, ...loaded } = await load(gpu, place(), reporter(undefined), { weights: 'q4' })
  const end = new AbortController()
  let rests = 0
  const rest = async () => {
    if (++rests < 2) return
    loaded.decoder.destroy()
    end.abort()
  }
  await pack!({ rest, signal: end.signal })
  expect(rests).toBe(2)
  expect(await packed()).toBeUndefined()
  expect(await stored()).toMatchObject({ isComplete: true })
  expect(root.isOpen).toBe(false)
})

test('nothing of it is left where there is no room', async () => {
  for (const writes of [undefined, 3]) {
    const { pack, ...loaded } = await load(gpu, place(), reporter(undefined), { weights: 'q4' })
    if (writes === undefined) root.quota.bytes = root.size + 1000
    else Object.assign(root.quota, { bytes: Number.POSITIVE_INFINITY, writes })
    await pack!({ rest: async () => undefined, signal: new AbortController().signal })
    delete root.quota.writes
    loaded.decoder.destroy()
    expect(await packed()).toBeUndefined()
    expect(await stored()).toMatchObject({ isComplete: true })
    expect(root.isOpen).toBe(false)
  }
})

test('it waits while a session writes', async () => {
  const model = new LocalModel(await load(gpu, place(), reporter(undefined), { weights: 'q4' }), () => undefined)
  const writing = model.session().generate(IDS, { maxTokens: 50, ignoreEndOfText: true })
  await writing.next()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await packed()).not.toMatchObject({ isComplete: true })
  await writing.return('stop')
  await packedWhole()
  model.destroy()
})
