import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import {
  DEFAULT_MODELS,
  defaultModelUrl,
  diskFolder,
  REFERENCES,
  referenceUrl,
  streamOf,
} from '../../test/reference/folder.ts'
import { HeadlightError } from '../errors.ts'
import type { Folder } from './folder.ts'
import { type Checkpoint, type CheckpointOptions, openCheckpoint } from './safetensors.ts'

type Entries = Record<string, { dtype: unknown; shape: unknown; data_offsets: unknown }>

function safetensors(header: Entries | string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const file = new Uint8Array(8 + json.length + data.length)
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true)
  file.set(json, 8)
  file.set(data, 8 + json.length)
  return file
}

function memoryFolder(files: Record<string, Uint8Array>, pieceBytes?: number): Folder & { opened: string[] } {
  const text = async (name: string) => files[name] && new TextDecoder().decode(files[name])
  const opened: string[] = []
  const look = async (name: string) => {
    const file = files[name]
    return file && { name, byteLength: file.length, body: streamOf(file, pieceBytes) }
  }
  return {
    opened,
    locate: (name) => `memory/${name}`,
    text,
    json: async (name) => {
      const content = await text(name)
      return content === undefined ? undefined : (JSON.parse(content) as unknown)
    },
    look,
    open: async (name) => {
      const file = await look(name)
      if (file) opened.push(name)
      return file
    },
  }
}

const namesOf = ({ entries }: Checkpoint) => new Set(entries.keys())

/** Every wanted tensor's bytes, by name; all of them by default. */
async function readAll(folder: Folder, wanted?: ReadonlySet<string>, options?: CheckpointOptions) {
  const checkpoint = await openCheckpoint(folder, options)
  const tensors = new Map<string, Uint8Array>()
  for await (const { entry, chunks } of checkpoint.tensors(wanted ?? namesOf(checkpoint))) {
    const bytes: number[] = []
    for await (const chunk of chunks()) {
      expect(chunk.length).toBeLessThanOrEqual(1 << 20)
      for (const byte of chunk) bytes.push(byte)
    }
    tensors.set(entry.name, Uint8Array.from(bytes))
  }
  return { checkpoint, tensors }
}

const DATA = Uint8Array.from({ length: 30 }, (_, i) => i)
const TWO: Entries = {
  b: { dtype: 'F16', shape: [3], data_offsets: [24, 30] },
  a: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
}

describe('one file', () => {
  test.each([1, 7, 8, 64, 1000])('in pieces of %i bytes: tensors in the order of their bytes', async (pieceBytes) => {
    let received = 0
    const file = safetensors(TWO, DATA)
    const folder = memoryFolder({ 'model.safetensors': file }, pieceBytes)
    const { checkpoint, tensors } = await readAll(folder, undefined, { onBytes: (count) => (received += count) })
    expect([...tensors]).toEqual([
      ['a', DATA.subarray(0, 24)],
      ['b', DATA.subarray(24)],
    ])
    expect(checkpoint.entries.get('a')).toEqual({
      name: 'a',
      type: 'F32',
      shape: [2, 3],
      byteLength: 24,
      file: 'model.safetensors',
    })
    expect(checkpoint.byteLength).toBe(file.length)
    expect(received).toBe(file.length)
  })

  test('tensors that nobody wants, or reads, or reads to the end, are passed over', async () => {
    const folder = memoryFolder({ 'model.safetensors': safetensors(TWO, DATA) }, 5)
    expect([...(await readAll(folder, new Set(['b']))).tensors]).toEqual([['b', DATA.subarray(24)]])
    const checkpoint = await openCheckpoint(folder)
    const firstBytes: number[] = []
    for await (const { chunks } of checkpoint.tensors(namesOf(checkpoint))) {
      for await (const chunk of chunks()) {
        firstBytes.push(chunk[0]!)
        break
      }
    }
    expect(firstBytes).toEqual([0, 24])
  })

  test('the header is known before any weight is asked for; closing stops the download', async () => {
    const header = { a: { dtype: 'U8', shape: [1 << 20], data_offsets: [0, 1 << 20] } }
    let received = 0
    const folder = memoryFolder({ 'model.safetensors': safetensors(header, new Uint8Array(1 << 20)) }, 1000)
    const checkpoint = await openCheckpoint(folder, { onBytes: (count) => (received += count) })
    expect([...namesOf(checkpoint)]).toEqual(['a'])
    expect(folder.opened).toEqual([])
    await checkpoint.close()
    await checkpoint.tensors(namesOf(checkpoint)).next()
    await checkpoint.close()
    await checkpoint.close()
    expect(received).toBeLessThan(2000)
  })

  test('aborting throws the reason', async () => {
    const abort = new AbortController()
    const folder = memoryFolder({ 'model.safetensors': safetensors(TWO, DATA) }, 50)
    const checkpoint = await openCheckpoint(folder, { signal: abort.signal })
    abort.abort(new Error('enough'))
    await expect(
      checkpoint
        .tensors(namesOf(checkpoint))
        .next()
        .then(({ value }) => value?.chunks().next()),
    ).rejects.toThrow('enough')
  })

  test.each(
    [...REFERENCES.map(referenceUrl), ...DEFAULT_MODELS.map(defaultModelUrl)].map(
      (url) => [url.pathname.split('/').at(-2), url] as const,
    ),
  )('%s: what the reader gives is what lies in the file', async (_, url) => {
    const file = await readFile(new URL('model.safetensors', url))
    const checkpoint = await openCheckpoint(diskFolder(url))
    let offset = 8 + file.readUInt32LE(0)
    for await (const { entry, chunks } of checkpoint.tensors(namesOf(checkpoint))) {
      for await (const chunk of chunks()) {
        expect(file.compare(chunk, 0, chunk.length, offset, offset + chunk.length), entry.name).toBe(0)
        offset += chunk.length
      }
    }
    expect(offset).toBe(file.length)
    expect(checkpoint.byteLength).toBe(file.length)
  })
})

describe('shards', () => {
  const index = (weightMap: unknown) =>
    new TextEncoder().encode(JSON.stringify({ metadata: { total_size: 60 }, weight_map: weightMap }))
  const other = { c: { dtype: 'U8', shape: [30], data_offsets: [0, 30] } }
  const files = {
    'model.safetensors.index.json': index({ c: 'm-2.safetensors', a: 'm-1.safetensors', b: 'm-1.safetensors' }),
    'm-1.safetensors': safetensors(TWO, DATA),
    'm-2.safetensors': safetensors(other, DATA),
  }

  test('are read one after the other', async () => {
    const folder = memoryFolder(files, 9)
    const { checkpoint, tensors } = await readAll(folder)
    expect([...tensors.keys()]).toEqual(['a', 'b', 'c'])
    expect(folder.opened).toEqual(['m-1.safetensors', 'm-2.safetensors'])
    expect(checkpoint.byteLength).toBe(files['m-1.safetensors'].length + files['m-2.safetensors'].length)
  })

  test('are looked at before any is fetched', async () => {
    const folder = memoryFolder({ ...files, 'm-2.safetensors': files['m-2.safetensors'].subarray(0, -1) })
    await expect(readAll(folder)).rejects.toMatchObject({
      code: 'truncated-file',
      details: { file: 'm-2.safetensors' },
    })
    expect(folder.opened).toEqual([])
  })

  test('have what the index says, and nothing else', async () => {
    const map = index({ x: 'm-1.safetensors', a: 'm-1.safetensors', c: 'm-2.safetensors' })
    const { checkpoint, tensors } = await readAll(memoryFolder({ ...files, 'model.safetensors.index.json': map }))
    expect([...namesOf(checkpoint)]).toEqual(['a', 'c'])
    expect([...tensors.keys()]).toEqual(['a', 'c'])
  })

  test('that change after the look are refused', async () => {
    const folder = memoryFolder({ 'model.safetensors': safetensors(TWO, DATA) })
    const open = async (name: string) => memoryFolder({ [name]: safetensors({ a: TWO['a']! }, DATA) }).open(name)
    await expect(readAll({ ...folder, open })).rejects.toMatchObject({ code: 'bad-file' })
  })

  test('with nothing wanted are not fetched', async () => {
    const folder = memoryFolder(files, 9)
    expect([...(await readAll(folder, new Set(['c']))).tensors.keys()]).toEqual(['c'])
    expect(folder.opened).toEqual(['m-2.safetensors'])
  })

  test.each([
    ['a shard is missing', { 'model.safetensors.index.json': index({ a: 'none.safetensors' }) }, 'missing-file'],
    [
      'a shard lies elsewhere',
      { ...files, 'model.safetensors.index.json': index({ a: '../m-1.safetensors' }) },
      'bad-file',
    ],
    [
      'a shard lies on another host',
      { ...files, 'model.safetensors.index.json': index({ a: 'https://x.test/m.safetensors' }) },
      'bad-file',
    ],
    ['the index has no map', { 'model.safetensors.index.json': index(undefined) }, 'bad-file'],
    ['the index is no object', { 'model.safetensors.index.json': new TextEncoder().encode('null') }, 'bad-file'],
    ['there is neither file nor index', {}, 'missing-file'],
  ])('%s', async (_, broken, code) => {
    await expect(readAll(memoryFolder(broken))).rejects.toMatchObject({ name: 'HeadlightError', code })
  })
})

describe('broken files', () => {
  const bytes = (text: string) => new TextEncoder().encode(text.padEnd(64))
  const one = (entry: Entries[string]) => safetensors({ a: entry }, DATA)

  test.each([
    ['empty', new Uint8Array(), 'truncated-file', 'after 0 bytes'],
    ['a web page', bytes('<!doctype html><title>Not found</title>'), 'bad-file', 'web page'],
    ['GGUF', bytes('GGUF\x03\0\0\0'), 'bad-file', 'GGUF'],
    ['a pickle', Uint8Array.from([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20]), 'bad-file', 'pickle'],
    ['a zipped pickle', Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 8, 8, 0, 0]), 'bad-file', 'PyTorch'],
    ['a Git LFS pointer', bytes('version https://git-lfs.github.com/spec/v1'), 'bad-file', 'LFS'],
    ['a header of 2⁶³ bytes', Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0x80, 0x7b]), 'bad-file', 'bytes long'],
    ['not JSON', safetensors('{"a": ', DATA), 'bad-file', 'not JSON'],
    ['a list', safetensors('[1, 2]', DATA), 'bad-file', 'expected "{"'],
    ['no description', safetensors('{"a": 1}', DATA), 'bad-file', 'description of a is 1'],
    ['type is no string', one({ dtype: 5, shape: [30], data_offsets: [0, 30] }), 'bad-file', 'dtype of a is 5'],
    ['negative shape', one({ dtype: 'U8', shape: [-30], data_offsets: [0, 30] }), 'bad-file', 'shape of a is [-30]'],
    ['fractional shape', one({ dtype: 'U8', shape: [1.5, 20], data_offsets: [0, 30] }), 'bad-file', 'shape of a'],
    [
      'no offsets',
      one({ dtype: 'U8', shape: [30], data_offsets: undefined }),
      'bad-file',
      'data_offsets of a is missing',
    ],
    ['offsets backwards', one({ dtype: 'U8', shape: [30], data_offsets: [30, 0] }), 'bad-file', 'begin before end'],
    ['shape and bytes disagree', one({ dtype: 'F32', shape: [30], data_offsets: [0, 30] }), 'bad-file', '120 bytes'],
    ['huge shape', one({ dtype: 'U8', shape: [2 ** 50, 2 ** 50], data_offsets: [0, 30] }), 'bad-file', 'expected'],
    ['a gap', one({ dtype: 'U8', shape: [29], data_offsets: [1, 30] }), 'bad-file', 'begins at byte 1'],
    ['more after the end', one({ dtype: 'U8', shape: [29], data_offsets: [0, 29] }), 'bad-file', 'goes on'],
    ['less than it says', one({ dtype: 'U8', shape: [31], data_offsets: [0, 31] }), 'truncated-file', 'expected'],
    [
      'an overlap',
      safetensors(
        {
          a: { dtype: 'U8', shape: [20], data_offsets: [0, 20] },
          b: { dtype: 'U8', shape: [20], data_offsets: [10, 30] },
        },
        DATA,
      ),
      'bad-file',
      'b begins at byte 10, expected 20',
    ],
  ])('%s', async (_, file, code, says) => {
    const reading = readAll(memoryFolder({ 'model.safetensors': file }))
    await expect(reading).rejects.toMatchObject({
      name: 'HeadlightError',
      code,
      message: expect.stringContaining(says),
    })
  })

  test('cut off anywhere: says where', async () => {
    const file = safetensors(TWO, DATA)
    for (let length = 0; length < file.length; length++) {
      const reading = readAll(memoryFolder({ 'model.safetensors': file.subarray(0, length) }, 11))
      await expect(reading).rejects.toMatchObject({ code: 'truncated-file', details: { found: length } })
    }
  })

  test('any byte wrong: read, or refused with a reason', async () => {
    const file = safetensors(TWO, DATA)
    for (let position = 0; position < file.length - DATA.length; position++) {
      for (const value of [0, 1, 0x22, 0x39, 0x7d, 0x80, 0xff]) {
        const broken = file.slice()
        broken[position] = value
        const error: unknown = await readAll(memoryFolder({ 'model.safetensors': broken })).then(
          () => undefined,
          (error) => error,
        )
        if (error !== undefined) expect(error).toBeInstanceOf(HeadlightError)
      }
    }
  })
})
