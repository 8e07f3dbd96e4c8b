/** Models from everywhere: the hub's ids and pages, folders, files. The same file gives the same numbers. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHub } from '../../e2e/hub.mjs'
import { gpu } from '../../test/gpu.ts'
import { hosted } from '../../test/host.ts'
import { referenceUrl } from '../../test/reference/folder.ts'
import { type PlainTensor, readSafetensors, tensorOf, writeSafetensors } from '../../test/safetensors.ts'
import { LocalEngine } from './local.ts'
import type { LoadOptions, LoadProgress, ModelSource } from './types.ts'

const IDS = [5, 34, 101, 93, 22]

let hub: Awaited<ReturnType<typeof startHub>>
let engine: LocalEngine
beforeAll(async () => {
  hub = await startHub()
  engine = new LocalEngine(gpu, { hub: hub.hub })
})
afterAll(() => hub.close())

async function logitsOf(source: ModelSource, options?: LoadOptions) {
  const model = await engine.load(source, options)
  const { logits } = await model.forward(IDS, { logits: 'all' })
  model.destroy()
  return logits
}

async function fileOf(folder: string, name: string): Promise<File> {
  return new File([await readFile(new URL(name, referenceUrl(folder)))], name)
}

test('safetensors: from the hub, from a URL, from files', async () => {
  const want = await logitsOf(hosted('llama'))
  expect(await logitsOf('reference/llama')).toEqual(want)
  expect(await logitsOf('reference/llama@refs/pr/1')).toEqual(want)
  expect(await logitsOf('https://huggingface.co/reference/llama/tree/main')).toEqual(want)
  const files = await Promise.all(['config.json', 'model.safetensors'].map((name) => fileOf('llama', name)))
  expect(await logitsOf(files)).toEqual(want)
  const [config, weights] = files as [File, File]
  expect(await logitsOf([config, new File([weights], 'mine.safetensors')])).toEqual(want)
})

test('GGUF: from a page of the hub, from a URL, from a file', async () => {
  const want = await logitsOf(await fileOf('gguf', 'llama-f16.gguf').then((file) => [file]))
  expect(await logitsOf(`${hub.hub}reference/gguf/blob/main/llama-f16.gguf`)).toEqual(want)
  expect(await logitsOf(`${hosted('gguf')}llama-f16.gguf`)).toEqual(want)
})

test('where nothing is stored, loading says so', async () => {
  const told: LoadProgress[] = []
  await logitsOf('reference/llama', { onProgress: (progress) => told.push(progress) })
  expect(told.at(-1)).toMatchObject({ notice: 'no-storage', cachedBytes: 0 })
  await logitsOf('reference/llama', { cache: false, onProgress: (progress) => told.push(progress) })
  expect(told.at(-1)!.notice).toBeUndefined()
})

test('an examination says what the load will be', async () => {
  const found = await engine.examine('reference/llama')
  const model = await engine.load('reference/llama')
  const { family, parameters, weightBytes, kvBytesPerToken, context } = model.info
  model.destroy()
  expect(found).toMatchObject({ source: 'reference/llama', format: 'safetensors', family, parameters, context })
  expect(found.gpu).toEqual({ weights: weightBytes, cache: kvBytesPerToken * Math.min(context, 2048) })
  expect(found.files.map(({ name }) => name)).toEqual(['config.json', 'generation_config.json', 'model.safetensors'])
  expect(found.byteLength).toBe(found.files.reduce((sum, { byteLength }) => sum + byteLength!, 0))
})

test('an examination of a repository with many files: one, and the others to choose from', async () => {
  hub.seen.length = 0
  const found = await engine.examine(`${hub.hub}reference/gguf/blob/main/llama-q4_k.gguf`)
  expect(found).toMatchObject({ name: 'llama-q4_k.gguf', format: 'gguf', family: 'llama' })
  expect(found.types).toContain('Q4_K')
  expect(found.alternatives.map(({ name }) => name)).toContain('llama-q8_0.gguf')
  expect(found.alternatives[0]!.source).toMatch(/^https:\/\/huggingface.co\/reference\/gguf\/blob\/main\//)
  const fetched = hub.seen.map(({ path }) => path).filter((path) => path.includes('.gguf'))
  expect(fetched.every((path) => path.includes('llama-q4_k.gguf'))).toBe(true)
})

test('what is not supported is refused before any weight is fetched', async () => {
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  hub.put('made/strange', 'config.json', json({ model_type: 'strange' }))
  hub.put('made/strange', 'model.safetensors', new Uint8Array(200_000))
  hub.put('made/pickle', 'config.json', json({ model_type: 'llama' }))
  hub.put('made/pickle', 'pytorch_model.bin', new Uint8Array(200_000))
  hub.seen.length = 0
  await expect(engine.examine('made/strange')).rejects.toMatchObject({
    code: 'unsupported',
    details: { found: 'strange' },
  })
  await expect(engine.load('made/pickle')).rejects.toMatchObject({ code: 'unsupported' })
  expect(hub.seen.filter(({ origin }) => origin === 'files')).toEqual([])
})

test('sharded: as in one file', async () => {
  const [config, single] = await Promise.all([fileOf('llama', 'config.json'), fileOf('llama', 'model.safetensors')])
  const found = await engine.examine([config, single])
  const names = ['model-00001-of-00001.safetensors', 'model.safetensors.index.json']
  const header = new Uint8Array(await single.arrayBuffer())
  const length = new DataView(header.buffer).getUint32(0, true)
  const tensors = Object.keys(JSON.parse(new TextDecoder().decode(header.subarray(8, 8 + length))) as object)
  const map = Object.fromEntries(tensors.filter((name) => name !== '__metadata__').map((name) => [name, names[0]]))
  const index = new File([JSON.stringify({ weight_map: map })], names[1]!)
  const sharded = await engine.examine([config, new File([single], names[0]!), index])
  expect(sharded.gpu).toEqual(found.gpu)
  expect(sharded.files.map(({ name }) => name)).toEqual(['config.json', names[1], names[0]])
})

test.each<[what: string, code: string, spoil: (tensors: Record<string, PlainTensor>) => void]>([
  ['a tensor that is missing', 'bad-weights', (tensors) => delete tensors['model.norm.weight']],
  [
    'a tensor of another shape',
    'bad-weights',
    (tensors) => (tensors['model.norm.weight'] = tensorOf(new Float32Array(3), [3], 'f32')),
  ],
  [
    'a type that is not known',
    'unsupported',
    (tensors) => (tensors['model.norm.weight'] = { ...tensors['model.norm.weight']!, type: 'I32' }),
  ],
])('the last shard has %s: refused before any shard is fetched', async (what, code, spoil) => {
  const [config, single] = await Promise.all([fileOf('llama', 'config.json'), fileOf('llama', 'model.safetensors')])
  const tensors: Record<string, PlainTensor> = { ...readSafetensors(new Uint8Array(await single.arrayBuffer())) }
  spoil(tensors)
  const id = `made/${what.replaceAll(' ', '-')}`
  const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const
  const isLast = (name: string) => Number(name === 'model.norm.weight')
  for (const [i, name] of names.entries()) {
    const here = Object.entries(tensors).filter(([tensor]) => isLast(tensor) === i)
    // More than a header: what is fetched of it shows.
    if (i === 0) here.push(['other', { type: 'U8', shape: [200_000], bytes: new Uint8Array(200_000) }])
    hub.put(id, name, writeSafetensors(Object.fromEntries(here)))
  }
  const map = Object.fromEntries(Object.keys(tensors).map((tensor) => [tensor, names[isLast(tensor)]]))
  hub.put(id, 'model.safetensors.index.json', new TextEncoder().encode(JSON.stringify({ weight_map: map })))
  hub.put(id, 'config.json', new Uint8Array(await config.arrayBuffer()))
  hub.seen.length = 0
  for (const refused of [engine.load(id), engine.examine(id)]) await expect(refused).rejects.toMatchObject({ code })
  const fetched = hub.seen.filter(({ path }) => names.some((name) => path.includes(name)))
  expect(fetched.length).toBeGreaterThan(0)
  expect(fetched.every(({ range }) => range === 'bytes=0-65535')).toBe(true)
})
