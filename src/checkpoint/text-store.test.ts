import { beforeEach, expect, test } from 'vitest'
import { MemoryDirectory } from '../../test/site-files.ts'
import { deleteTexts, deleteTextsOf, listTexts, TextStore } from './text-store.ts'

let root: MemoryDirectory
beforeEach(() => {
  root = new MemoryDirectory()
})

const BYTES = 100

const storeOf = (source: string, most = 1e9, writes = true) =>
  new TextStore(root.handle, { source, model: source }, async () => most, writes)

const savedAs = (text: string, source = 'a/model') => ({
  ...{ text, source, model: source, made: 'so', tokens: [1, 2] },
  ...{ byteLength: BYTES, pieceBytes: BYTES },
})

async function* pieces() {
  yield new Uint8Array(BYTES).fill(7)
}

async function put(text: string, source = 'a/model', most?: number): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 2)) // the order is by time
  return storeOf(source, most).write(savedAs(text, source), pieces)
}

const names = async () => (await listTexts(root.handle)).map(({ text }) => text)

test('the few last are kept, by use', async () => {
  for (let i = 0; i < 8; i++) await put(`${i}`)
  const store = storeOf('a/model')
  await new Promise((resolve) => setTimeout(resolve, 2))
  await store.touch((await store.read('0'))!)
  await put('8')
  expect(await names()).toEqual(['8', '0', '7', '6', '5', '4', '3', '2'])
})

test('all together take no more bytes than they may', async () => {
  await put('0')
  const { size } = root
  for (const text of ['1', '2', '3']) await put(text, 'another/model', 2.5 * size)
  expect(await names()).toEqual(['3', '2'])
  expect(await put('4', 'a/model', BYTES - 1)).toBe(false)
  expect(await names()).toEqual(['3', '2'])
})

test('what was never finished is none, and goes', async () => {
  await put('0')
  await expect(
    storeOf('a/model').write(savedAs('1'), async function* () {
      yield new Uint8Array(BYTES)
      throw new Error('the tab is closed')
    }),
  ).rejects.toThrow('closed')
  expect(root.paths).toHaveLength(1)
  const models = await root.getDirectoryHandle('headlight-texts')
  for await (const [key] of models.entries()) {
    const { file } = await (await models.getDirectoryHandle(key)).getFileHandle('left', { create: true })
    file.bytes = new Uint8Array(BYTES)
  }
  expect(await names()).toEqual(['0'])
  await put('2')
  expect(root.paths).toHaveLength(2)
})

test('a text goes with all models, a model with all its texts', async () => {
  for (const source of ['a/model', 'b/model']) for (const text of ['0', '1']) await put(text, source)
  await deleteTexts(root.handle, ['0', 'never there'])
  expect(await names()).toEqual(['1', '1'])
  await deleteTextsOf(root.handle, 'a/model')
  expect((await listTexts(root.handle)).map(({ source }) => source)).toEqual(['b/model'])
  await deleteTexts(root.handle)
  expect(root.paths).toEqual([])
})

test('one tab writes a text, and where nothing can be written, nothing is', async () => {
  const first = storeOf('a/model').write(savedAs('0'), async function* () {
    expect(await put('0')).toBe(false)
    yield* pieces()
  })
  expect(await first).toBe(true)
  expect(await storeOf('a/model', 1e9, false).write(savedAs('1'), pieces)).toBe(false)
  expect(await names()).toEqual(['0'])
})
