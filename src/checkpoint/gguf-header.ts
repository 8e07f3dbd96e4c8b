/**
 * The header of a GGUF file, versions 2 and 3, little-endian: magic, version, how many tensors and metadata there are;
 * the metadata; the tensors' names, sizes, types and places. The tensors follow, each at a multiple of the alignment.
 * As strict as llama.cpp: tensors lie end to end but for that padding, with neither gaps nor overlaps.
 *
 * Parsing asks for bytes (`yield`) and never holds more than has arrived: a count that lies runs into the end of the
 * file, or into the most that a header may have.
 */
import { HeadlightError, spell } from '../errors.ts'
import { GGUF_TYPES } from './gguf-types.ts'
import type { TensorEntry } from './safetensors-header.ts'

/** Strings, numbers, booleans and lists of them (numbers: as typed arrays), by key. Integers of 64 bits are rounded. */
export type GgufMetadata = Readonly<Record<string, unknown>>

interface PlacedEntry {
  readonly entry: TensorEntry
  /** Of its first byte in the file. */
  readonly begin: number
}

export interface GgufHeader {
  readonly metadata: GgufMetadata
  /** In the order of their bytes. */
  readonly tensors: readonly PlacedEntry[]
  /** Where the last tensor ends, and where it does with the padding that writers put behind it. */
  readonly end: number
  readonly paddedEnd: number
}

/** Asks for so many bytes, which are good until the next request. */
export type Parsing<T> = Generator<number, T, Uint8Array>

const MAX_HEADER_BYTES = 1 << 26 // far above any real one: the largest vocabularies take 20 MB
const MAX_DEPTH = 4 // of lists within lists; nobody writes any
const MAX_AXES = 4 // ggml's own limit

/** @throws HeadlightError `bad-file`, `unsupported` (another version or a number type that is not known) */
export function* parseGguf(file: string): Parsing<GgufHeader> {
  const input = new Input(file)
  const magic = String.fromCharCode(...(yield* input.take(4)))
  if (magic !== 'GGUF') throw bad(file, `it starts with ${JSON.stringify(magic)}, expected "GGUF"`)
  const version = yield* input.uint32()
  if (version !== 2 && version !== 3) throw otherVersion(file, version)
  const tensorCount = yield* input.count(MIN_TENSOR_BYTES, 'tensors')
  const metadataCount = yield* input.count(MIN_METADATA_BYTES, 'metadata')

  const metadata = new Map<string, unknown>()
  for (let i = 0; i < metadataCount; i++) {
    const key = yield* input.text()
    if (metadata.has(key)) throw bad(file, `its metadata has ${key} twice`)
    metadata.set(key, yield* value(input, key, yield* input.uint32(), 0))
  }
  const alignment = alignmentOf(file, metadata.get('general.alignment'))
  const infos: PlacedEntry[] = []
  for (let i = 0; i < tensorCount; i++) infos.push(yield* tensorInfo(input, file))

  const padded = (bytes: number) => Math.ceil(bytes / alignment) * alignment
  const start = padded(input.position)
  infos.sort((a, b) => a.begin - b.begin)
  const names = new Set<string>()
  let end = 0
  for (const { entry, begin } of infos) {
    if (names.has(entry.name)) throw bad(file, `it has ${entry.name} twice`)
    names.add(entry.name)
    if (begin !== padded(end)) throw bad(file, `${entry.name} begins at byte ${begin}, expected ${padded(end)}`)
    end = begin + entry.byteLength
  }
  return {
    metadata: Object.fromEntries(metadata),
    tensors: infos.map(({ entry, begin }) => ({ entry, begin: start + begin })),
    end: start + end,
    paddedEnd: start + padded(end),
  }
}

const MIN_TENSOR_BYTES = 8 + 4 + 4 + 8
const MIN_METADATA_BYTES = 8 + 4 + 1

function* tensorInfo(input: Input, file: string): Parsing<PlacedEntry> {
  const name = yield* input.text()
  const axes = yield* input.uint32()
  if (axes < 1 || axes > MAX_AXES) throw bad(file, `${name} has ${axes} axes, expected 1 to ${MAX_AXES}`)
  const shape: number[] = []
  for (let i = 0; i < axes; i++) shape.unshift(yield* input.uint64()) // innermost first in the file
  const number = yield* input.uint32()
  const type = GGUF_TYPES.get(number)
  if (!type) throw otherType(file, name, number)
  const numbers = shape.reduce((product, size) => product * size, 1)
  const sizes = `[${shape.join(', ')}]`
  if (!Number.isSafeInteger(numbers) || numbers < 1) throw bad(file, `${name} has the shape ${sizes}`)
  if (shape.at(-1)! % type.weights !== 0)
    throw bad(file, `${name} is ${type.name} ${sizes}, expected rows of a multiple of ${type.weights} numbers`)
  const byteLength = (numbers / type.weights) * type.bytes
  const begin = yield* input.uint64()
  return { entry: { name, type: type.name, shape, byteLength, file }, begin }
}

function* value(input: Input, key: string, type: number, depth: number): Parsing<unknown> {
  switch (type) {
    case STRING:
      return yield* input.text()
    case BOOLEAN:
      return yield* input.flag(key)
    case LIST:
      return yield* list(input, key, depth + 1)
    default: {
      const number = NUMBERS.get(type)
      if (!number) throw bad(input.file, `${key} is of type ${type}, expected 0 to 12`)
      return number.read(viewOf(yield* input.take(number.bytes)))
    }
  }
}

const [BOOLEAN, STRING, LIST] = [7, 8, 9]

function* list(input: Input, key: string, depth: number): Parsing<unknown> {
  if (depth > MAX_DEPTH) throw bad(input.file, `${key} has lists within lists within lists`)
  const type = yield* input.uint32()
  const number = NUMBERS.get(type)
  const count = yield* input.count(number?.bytes ?? MIN_ELEMENT_BYTES.get(type) ?? 1, key)
  if (number) {
    const view = viewOf(yield* input.take(count * number.bytes))
    return number.list.from({ length: count }, (_, i) => number.read(view, i * number.bytes))
  }
  const elements: unknown[] = []
  for (let i = 0; i < count; i++) elements.push(yield* value(input, key, type, depth))
  return elements
}

const MIN_ELEMENT_BYTES: ReadonlyMap<number, number> = new Map([
  [STRING, 8],
  [LIST, 12],
])

interface NumberType {
  readonly bytes: number
  readonly list: { from(like: { length: number }, map: (_: unknown, i: number) => number): ArrayLike<number> }
  read(view: DataView, offset?: number): number
}

const numberType = (bytes: number, list: NumberType['list'], read: NumberType['read']): NumberType => ({
  bytes,
  list,
  read,
})

const NUMBERS: ReadonlyMap<number, NumberType> = new Map([
  [0, numberType(1, Uint8Array, (view, at = 0) => view.getUint8(at))],
  [1, numberType(1, Int8Array, (view, at = 0) => view.getInt8(at))],
  [2, numberType(2, Uint16Array, (view, at = 0) => view.getUint16(at, true))],
  [3, numberType(2, Int16Array, (view, at = 0) => view.getInt16(at, true))],
  [4, numberType(4, Uint32Array, (view, at = 0) => view.getUint32(at, true))],
  [5, numberType(4, Int32Array, (view, at = 0) => view.getInt32(at, true))],
  [6, numberType(4, Float32Array, (view, at = 0) => view.getFloat32(at, true))],
  [10, numberType(8, Float64Array, (view, at = 0) => Number(view.getBigUint64(at, true)))],
  [11, numberType(8, Float64Array, (view, at = 0) => Number(view.getBigInt64(at, true)))],
  [12, numberType(8, Float64Array, (view, at = 0) => view.getFloat64(at, true))],
])

/** How much has been read; there may be only so much more. */
class Input {
  readonly file: string
  position = 0

  constructor(file: string) {
    this.file = file
  }

  *take(count: number): Parsing<Uint8Array> {
    this.#require(count, 'a value')
    this.position += count
    return yield count
  }

  *uint32(): Parsing<number> {
    return viewOf(yield* this.take(4)).getUint32(0, true)
  }

  *uint64(): Parsing<number> {
    return Number(viewOf(yield* this.take(8)).getBigUint64(0, true))
  }

  /** A number of things that take at least so many bytes each. */
  *count(bytesEach: number, what: string): Parsing<number> {
    const count = yield* this.uint64()
    this.#require(count * bytesEach, `${count} ${what}`)
    return count
  }

  *text(): Parsing<string> {
    const bytes = yield* this.take(yield* this.uint64())
    try {
      return UTF8.decode(bytes)
    } catch {
      return LENIENT_UTF8.decode(bytes) // tokens of some vocabularies are parts of characters
    }
  }

  *flag(key: string): Parsing<boolean> {
    const byte = (yield* this.take(1))[0]!
    if (byte > 1) throw bad(this.file, `${key} is the boolean ${byte}, expected 0 or 1`)
    return byte === 1
  }

  #require(count: number, what: string): void {
    if (count <= MAX_HEADER_BYTES - this.position) return
    const reason = `${what} at byte ${this.position} would take ${count} bytes, expected a header of ${MAX_HEADER_BYTES}`
    throw bad(this.file, `${reason} at most`)
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const LENIENT_UTF8 = new TextDecoder('utf-8', { ignoreBOM: true })

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function alignmentOf(file: string, alignment: unknown = 32): number {
  const good = typeof alignment === 'number' && Number.isInteger(Math.log2(alignment)) && alignment <= 1 << 20
  if (good && alignment >= 1) return alignment
  throw bad(file, `general.alignment is ${spell(alignment)}, expected a power of 2`)
}

function otherVersion(file: string, version: number): HeadlightError {
  const what = version > 0xffff ? 'big-endian GGUF' : `GGUF version ${version}`
  const message = `${file} is ${what}; Headlight reads versions 2 and 3, little-endian: use another file of this model`
  return new HeadlightError('unsupported', message, { file, found: what, expected: 'GGUF 2 or 3, little-endian' })
}

function otherType(file: string, name: string, number: number): HeadlightError {
  const known = [...GGUF_TYPES.values()].map((type) => type.name).join(', ')
  const message = `${file}: ${name} is stored as number type ${number}, which is not known; known are ${known}`
  return new HeadlightError('unsupported', message, { file, what: name, found: number, expected: known })
}

export function bad(file: string, reason: string): HeadlightError {
  const message = `${file} is not a good GGUF file: ${reason}. Get the file again, or from elsewhere.`
  return new HeadlightError('bad-file', message, { file, reason })
}
