/** A tokenizer from everywhere that a model may come from: the same words, the same ids. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHub } from '../../e2e/hub.mjs'
import { hosted } from '../../test/host.ts'
import { referenceUrl } from '../../test/reference/folder.ts'
import type { ModelSource } from '../engine/types.ts'
import { loadTokenizer } from './load.ts'

const TEXT = 'Once upon a time, naïve — 春'
const FOLDER = 'stories260K'
const GGUF = `${FOLDER}-f16.gguf`

let hub: Awaited<ReturnType<typeof startHub>>
let want: readonly number[]
beforeAll(async () => {
  hub = await startHub()
  want = (await loadTokenizer(hosted(FOLDER))).encode(TEXT)
})
afterAll(() => hub.close())

const fileOf = async (name: string) => new File([await readFile(new URL(name, referenceUrl(FOLDER)))], name)
const filesOf = (...names: string[]) => Promise.all(names.map(fileOf))

describe('the same ids', () => {
  test.each<[string, () => ModelSource | Promise<ModelSource>]>([
    ['the URL of a folder', () => new URL(hosted(FOLDER))],
    ['the URL of a GGUF file', () => `${hosted(FOLDER)}${GGUF}`],
    ['an id of the hub', () => `reference/${FOLDER}`],
    ['a revision of it', () => `reference/${FOLDER}@refs/pr/1`],
    ['a page of the hub', () => `https://huggingface.co/reference/${FOLDER}/tree/main`],
    ['a GGUF file of the hub', () => `${hub.hub}reference/${FOLDER}/blob/main/${GGUF}`],
    ['picked files', () => filesOf('tokenizer.json', 'tokenizer_config.json')],
    ['a picked GGUF file', () => filesOf(GGUF)],
    ['a GGUF file among others', () => filesOf('config.json', GGUF)],
  ])('from %s', async (_, source) => {
    const { encode, decode } = await loadTokenizer(await source(), { hub: hub.hub })
    expect(encode(TEXT)).toEqual(want)
    expect(decode(want)).toBe(TEXT)
  })
})

test('of a GGUF file, no more is fetched than says it', async () => {
  hub.seen.length = 0
  await loadTokenizer(`${hub.hub}reference/gguf/blob/main/gpt2-q8_0.gguf`, { hub: hub.hub })
  const ranges = hub.seen.filter(({ origin }) => origin === 'files').map(({ range }) => range)
  expect(ranges.length).toBeGreaterThan(0)
  for (const range of ranges) expect(range).toMatch(/^bytes=\d+-\d+$/)
})

test('with a token, from a gated repository', async () => {
  const gated = { hub: hub.with('gated=tokenizer.json') }
  await expect(loadTokenizer(`reference/${FOLDER}`, gated)).rejects.toMatchObject({ code: 'no-access' })
  expect((await loadTokenizer(`reference/${FOLDER}`, { ...gated, token: 'good' })).encode(TEXT)).toEqual(want)
})

test.each<[string, () => ModelSource | Promise<ModelSource>]>([
  ['a folder', () => hosted('llama')],
  ['a repository', () => 'reference/llama'],
  ['files', () => filesOf('config.json', 'model.safetensors')],
])('%s without one', async (_, source) => {
  const loading = loadTokenizer(await source(), { hub: hub.hub })
  await expect(loading).rejects.toMatchObject({ code: 'missing-file', details: { file: 'tokenizer.json' } })
})

test('aborting throws the reason; what is no source is refused', async () => {
  const reason = new Error('enough')
  await expect(loadTokenizer(hosted(FOLDER), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  await expect(loadTokenizer('ftp://example.org/model/')).rejects.toMatchObject({ code: 'bad-input' })
})
