import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type GgufParts, writeGguf } from '../../test/gguf.ts'
import { streamOf } from '../../test/reference/folder.ts'
import { HeadlightError } from '../errors.ts'
import type { Folder } from './folder.ts'
import { openGguf } from './gguf.ts'
import type { CheckpointOptions } from './safetensors.ts'

type Memory = Folder & { opened: string[] }

/** `sized`: whether the host says how long its files are. */
function memoryFolder(files: Record<string, Uint8Array>, pieceBytes?: number, sized = true): Memory {
  const opened: string[] = []
  const none = async () => undefined
  const look = async (name: string) => {
    const file = files[name]
    return file && { name, byteLength: sized ? file.length : undefined, body: streamOf(file, pieceBytes) }
  }
  return {
    opened,
    locate: (name) => `memory/${name}`,
    text: none,
    json: none,
    look,
    open: async (name) => {
      const file = await look(name)
      if (file) opened.push(name)
      return file
    },
  }
}

async function readAll(folder: Folder, name = 'm.gguf', wanted?: ReadonlySet<string>, options?: CheckpointOptions) {
  const checkpoint = await openGguf(folder, name, options)
  const tensors = new Map<string, Uint8Array>()
  for await (const { entry, chunks } of checkpoint.tensors(wanted ?? new Set(checkpoint.entries.keys()))) {
    const bytes: number[] = []
    for await (const chunk of chunks()) bytes.push(...chunk)
    tensors.set(entry.name, Uint8Array.from(bytes))
  }
  return { checkpoint, tensors }
}

const counting = (length: number, from = 0) => Uint8Array.from({ length }, (_, i) => from + i)
const TWO: GgufParts = {
  metadata: {
    'general.architecture': 'llama',
    'a.size': 7,
    'a.negative': -3,
    'a.real': 0.5,
    'a.flag': true,
    'a.long': 1n << 40n,
    'a.words': ['Ġt', '', '春'],
    'a.flags': [true, false],
    'a.numbers': [1, 2, 300],
  },
  tensors: {
    a: { type: 'F32', shape: [2, 3], bytes: counting(24) },
    b: { type: 'Q8_0', shape: [2, 32], bytes: counting(68, 100) },
    c: { type: 'F16', shape: [3], bytes: counting(6, 50) },
  },
}
const FILE = writeGguf(TWO)

describe('one file', () => {
  test.each([1, 7, 64, 10_000])(
    'in pieces of %i bytes: metadata, and tensors in the order of their bytes',
    async (pieceBytes) => {
      let received = 0
      const onBytes = (count: number) => (received += count)
      const folder = memoryFolder({ 'm.gguf': FILE }, pieceBytes)
      const { checkpoint, tensors } = await readAll(folder, 'm.gguf', undefined, { onBytes })
      expect([...tensors]).toEqual(Object.entries(TWO.tensors).map(([name, { bytes }]) => [name, bytes]))
      const entry = { name: 'b', type: 'Q8_0', shape: [2, 32], byteLength: 68, file: 'm.gguf' }
      expect(checkpoint.entries.get('b')).toEqual(entry)
      expect(checkpoint.metadata).toEqual({
        ...TWO.metadata,
        'a.long': 2 ** 40,
        'a.numbers': Uint32Array.of(1, 2, 300),
      })
      expect(checkpoint.byteLength).toBe(FILE.length)
      expect(received).toBe(FILE.length)
      expect(folder.opened).toEqual(['m.gguf'])
    },
  )

  test.each([{ version: 2 }, { alignment: 8 }, { alignment: 1 }, { alignment: 256 }])('%j', async (options) => {
    const { tensors } = await readAll(memoryFolder({ 'm.gguf': writeGguf({ ...TWO, ...options }) }, 50))
    expect([...tensors.values()]).toEqual(Object.values(TWO.tensors).map(({ bytes }) => bytes))
  })

  test('the padding at its end may be missing', async () => {
    const { tensors } = await readAll(memoryFolder({ 'm.gguf': FILE.subarray(0, -26) }))
    expect(tensors.get('c')).toEqual(counting(6, 50))
  })

  test('tensors that nobody wants are passed over', async () => {
    const { tensors } = await readAll(memoryFolder({ 'm.gguf': FILE }, 5), 'm.gguf', new Set(['b']))
    expect([...tensors]).toEqual([['b', counting(68, 100)]])
  })

  test('the header is known before any weight is asked for; closing stops the download', async () => {
    let received = 0
    const large = { type: 'I8', shape: [1 << 20], bytes: new Uint8Array(1 << 20) }
    const folder = memoryFolder({ 'm.gguf': writeGguf({ metadata: {}, tensors: { large } }) }, 1000)
    const checkpoint = await openGguf(folder, 'm.gguf', { onBytes: (count) => (received += count) })
    expect([...checkpoint.entries.keys()]).toEqual(['large'])
    expect(folder.opened).toEqual([])
    await checkpoint.tensors(new Set(['large'])).next()
    await checkpoint.close()
    expect(received).toBeLessThan(2000)
  })
})

test('a file that changes after the look is refused', async () => {
  const folder = memoryFolder({ 'm.gguf': FILE })
  const open = async (name: string) => ({ ...(await folder.look(name))!, version: 'b' })
  const look = async (name: string) => ({ ...(await folder.look(name))!, version: 'a' })
  await expect(readAll({ ...folder, look, open })).rejects.toMatchObject({ code: 'bad-file' })
  const longer = memoryFolder({ 'm.gguf': Uint8Array.of(...FILE, 0) })
  await expect(readAll({ ...folder, open: longer.open })).rejects.toMatchObject({ code: 'bad-file' })
})

describe('several files', () => {
  const split = (no: number, count: number, tensors: GgufParts['tensors']) =>
    writeGguf({ metadata: { 'split.no': no, 'split.count': count }, tensors })
  const { a, b, c } = TWO.tensors as Required<Record<'a' | 'b' | 'c', GgufParts['tensors'][string]>>
  const [first, second] = [split(0, 2, { a }), split(1, 2, { b, c })]
  const files = { 'm-00001-of-00002.gguf': first, 'm-00002-of-00002.gguf': second }

  test.each(Object.keys(files))('by the name of %s', async (name) => {
    const { checkpoint, tensors } = await readAll(memoryFolder(files, 9), name)
    expect([...tensors.keys()]).toEqual(['a', 'b', 'c'])
    expect([...checkpoint.entries.keys()]).toEqual(['a', 'b', 'c'])
    expect(checkpoint.byteLength).toBe(first.length + second.length)
  })

  test('with nothing wanted are looked at, and not fetched', async () => {
    const folder = memoryFolder(files, 9)
    expect([...(await readAll(folder, 'm-00001-of-00002.gguf', new Set(['a']))).tensors.keys()]).toEqual(['a'])
    expect(folder.opened).toEqual(['m-00001-of-00002.gguf'])
  })

  test.each([
    ['a part is missing', { 'm-00001-of-00002.gguf': first }, 'missing-file'],
    ['a part is another', { ...files, 'm-00002-of-00002.gguf': first }, 'bad-file'],
    ['a tensor is in two', { ...files, 'm-00002-of-00002.gguf': split(1, 2, { a }) }, 'bad-file'],
    ['it is of more parts', { ...files, 'm-00001-of-00002.gguf': split(0, 3, { a }) }, 'bad-file'],
    ['it is whole', { ...files, 'm-00001-of-00002.gguf': FILE }, 'bad-file'],
  ])('%s', async (_, broken, code) => {
    await expect(readAll(memoryFolder(broken), 'm-00001-of-00002.gguf')).rejects.toMatchObject({ code })
  })

  test('a part by itself, under another name', async () => {
    await expect(readAll(memoryFolder({ 'm.gguf': first }))).rejects.toMatchObject({ code: 'bad-file' })
    await expect(readAll(memoryFolder(files), 'm-00003-of-00002.gguf')).rejects.toMatchObject({ code: 'bad-input' })
  })
})

describe('broken files', () => {
  const edited = (edit: (view: DataView, file: Uint8Array) => void) => {
    const file = FILE.slice()
    edit(new DataView(file.buffer), file)
    return file
  }
  const at = (text: string, behind = 0) => {
    const words = new TextEncoder().encode(text)
    const found = FILE.findIndex((_, i) => words.every((byte, k) => FILE[i + k] === byte))
    return found + words.length + behind
  }
  // Behind a tensor's name: axes u32, sizes u64 each, type u32, offset u64.
  const [axes, rows, type, offset] = [0, 12, 20, 24].map((behind) => at('\x01\0\0\0\0\0\0\0b', behind)) as [
    number,
    number,
    number,
    number,
  ]

  test.each([
    ['empty', new Uint8Array(), 'truncated-file', 'after 0 bytes'],
    ['safetensors', new TextEncoder().encode('\x40\0\0\0\0\0\0\0{"a":'), 'bad-file', 'expected "GGUF"'],
    ['version 1', edited((view) => view.setUint32(4, 1, true)), 'unsupported', 'version 1'],
    ['big-endian', edited((view) => view.setUint32(4, 3)), 'unsupported', 'big-endian'],
    ['more tensors than bytes', edited((view) => view.setBigUint64(8, 1n << 40n, true)), 'bad-file', 'tensors'],
    ['more metadata than bytes', edited((view) => view.setBigUint64(16, 1n << 62n, true)), 'bad-file', 'metadata'],
    ['a long key', edited((view) => view.setBigUint64(24, 1n << 50n, true)), 'bad-file', 'would take'],
    ['an unknown type of value', edited((view) => view.setUint32(at('a.size'), 77, true)), 'bad-file', 'type 77'],
    ['no boolean', edited((_, file) => file.fill(5, at('a.flag', 4), at('a.flag', 5))), 'bad-file', 'boolean 5'],
    ['a long list', edited((view) => view.setBigUint64(at('a.words', 8), 1n << 30n, true)), 'bad-file', 'a.words'],
    ['lists in lists', edited((_, file) => file.fill(9, at('a.numbers', 4), at('a.numbers', 5))), 'bad-file', ''],
    ['no axes', edited((view) => view.setUint32(axes, 0, true)), 'bad-file', 'has 0 axes'],
    ['half a block', edited((view) => view.setBigUint64(axes + 4, 33n, true)), 'bad-file', 'a multiple of 32'],
    ['nothing', edited((view) => view.setBigUint64(rows, 0n, true)), 'bad-file', 'the shape [0, 32]'],
    ['a huge shape', edited((view) => view.setBigUint64(rows, 1n << 60n, true)), 'bad-file', 'the shape'],
    ['an unknown number type', edited((view) => view.setUint32(type, 99, true)), 'unsupported', 'number type 99'],
    ['another type', edited((view) => view.setUint32(type, 2, true)), 'bad-file', 'c begins at byte 128, expected 96'],
    ['a gap', edited((view) => view.setBigUint64(offset, 64n, true)), 'bad-file', 'b begins at byte 64, expected 32'],
    ['an overlap', edited((view) => view.setBigUint64(offset, 0n, true)), 'bad-file', 'begins at byte 0'],
    ['more after the end', Uint8Array.from([...FILE, 1]), 'bad-file', 'goes on'],
  ])('%s', async (_, file, code, says) => {
    for (const sized of [true, false]) {
      const reading = readAll(memoryFolder({ 'm.gguf': file }, 100, sized))
      await expect(reading).rejects.toMatchObject({ name: 'HeadlightError', message: expect.stringContaining(says) })
      await expect(reading).rejects.toMatchObject({ code })
    }
  })

  test('cut off anywhere: says where', async () => {
    for (let length = 0; length < FILE.length - 26; length++) {
      const reading = readAll(memoryFolder({ 'm.gguf': FILE.subarray(0, length) }, 11, length % 2 === 0))
      await expect(reading).rejects.toMatchObject({ code: 'truncated-file', details: { found: length } })
    }
  })

  test('any byte wrong: read, or refused with a reason', async () => {
    for (let position = 0; position < FILE.length - 160; position++) {
      for (const value of [0, 1, 8, 9, 0x7f, 0x80, 0xff]) {
        const broken = FILE.slice()
        broken[position] = value
        const error: unknown = await readAll(memoryFolder({ 'm.gguf': broken }, undefined, position % 2 === 0)).then(
          () => undefined,
          (error) => error,
        )
        if (error !== undefined) expect(error).toBeInstanceOf(HeadlightError)
      }
    }
  })

  const readable = (file: Uint8Array, pieceBytes: number) =>
    readAll(memoryFolder({ 'm.gguf': file }, pieceBytes)).then(
      () => true,
      (error) => error instanceof HeadlightError,
    )

  test('any bytes behind the magic', async () => {
    const files = fc.tuple(fc.constantFrom(2, 3), fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 64 }))
    await fc.assert(
      fc.asyncProperty(files, ([version, bytes, pieceBytes]) => {
        const magic = [0x47, 0x47, 0x55, 0x46, version, 0, 0, 0]
        return readable(Uint8Array.from([...magic, ...bytes]), pieceBytes)
      }),
    )
  })

  test('a good file with lies in several places, cut off somewhere', async () => {
    const position = fc.nat({ max: FILE.length - 1 })
    const lies = fc.array(fc.tuple(position, fc.constantFrom(0, 1, 2, 4, 8, 9, 0x7f, 0x80, 0xff)), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(lies, position, async (lies, length) => {
        const file = FILE.slice(0, length)
        for (const [at, byte] of lies) file[at] = byte
        return readable(file, 64)
      }),
      { numRuns: 300 },
    )
  })

  test('what it asks for is no more than a header may have, and is not made before it is there', async () => {
    const claims = writeGguf({ metadata: { list: [1, 2] }, tensors: {} })
    const file = claims.slice(0, -4) // without its padding
    new DataView(file.buffer).setBigUint64(file.length - 16, 1n << 23n, true) // 32 MB of numbers
    const before = process.memoryUsage().arrayBuffers
    await expect(readAll(memoryFolder({ 'm.gguf': file }))).rejects.toMatchObject({ code: 'truncated-file' })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4_000_000)
  })
})
