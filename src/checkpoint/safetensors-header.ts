/**
 * The header of a safetensors file: 8 bytes of length (little-endian), then so much JSON,
 * `{ name: { dtype, shape, data_offsets: [begin, end] }, … }`, offsets counted from the end of the header.
 * As strict as the reference implementation: tensors lie end to end, with neither gaps nor overlaps.
 */
import { HeadlightError, spell } from '../errors.ts'
import type { ByteReader } from './byte-reader.ts'

/** A tensor of the checkpoint, as its header describes it. */
export interface TensorEntry {
  readonly name: string
  /** As the file spells it: F32, F16, BF16, I64 … */
  readonly type: string
  readonly shape: readonly number[]
  readonly byteLength: number
  /** The file that holds it. */
  readonly file: string
}

export interface Header {
  /** In the order of their bytes, the first directly after the header. */
  readonly entries: readonly TensorEntry[]
  /** Of the length and the JSON. */
  readonly headerBytes: number
  /** Of the whole file. */
  readonly fileBytes: number
}

const MAX_HEADER_BYTES = 100_000_000 // the format's own limit

const TYPE_BITS: Readonly<Record<string, number>> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
  C64: 64,
}

/** @throws HeadlightError `truncated-file`, `bad-file` */
export async function readHeader(reader: ByteReader, file: string): Promise<Header> {
  const prefix = await reader.readExactly(8)
  const view = new DataView(prefix.buffer, prefix.byteOffset, 8)
  const jsonBytes = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32
  if (jsonBytes < 2 || jsonBytes > MAX_HEADER_BYTES) throw notSafetensors(file, prefix, jsonBytes)
  // Looked at before the rest arrives, which for a wrong length may be the whole file.
  const first = await reader.readExactly(1)
  if (first[0] !== 0x7b) throw bad(file, `its header starts with byte ${first[0]}, expected "{"`)
  const rest = await reader.readExactly(jsonBytes - 1)
  const entries = parseEntries(file, `{${decodeText(file, rest)}`)
  const dataBytes = entries.reduce((sum, { byteLength }) => sum + byteLength, 0)
  return { entries, headerBytes: 8 + jsonBytes, fileBytes: 8 + jsonBytes + dataBytes }
}

function parseEntries(file: string, text: string): TensorEntry[] {
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch (cause) {
    throw bad(file, 'its header is not JSON', cause)
  }
  if (!isObject(header)) throw bad(file, 'its header is not a JSON object')
  const placed = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, description]) => parseEntry(file, name, description))
    .sort((a, b) => a.begin - b.begin || a.entry.byteLength - b.entry.byteLength)
  let end = 0
  for (const { entry, begin } of placed) {
    if (begin !== end) throw bad(file, `${entry.name} begins at byte ${begin}, expected ${end}`)
    end += entry.byteLength
  }
  return placed.map(({ entry }) => entry)
}

function parseEntry(file: string, name: string, description: unknown): { entry: TensorEntry; begin: number } {
  const refuse = (what: string, found: unknown, expected: string) =>
    bad(file, `${what} of ${name} is ${spell(found)}, expected ${expected}`)

  if (!isObject(description)) throw refuse('the description', description, 'an object')
  const { dtype: type, shape, data_offsets: offsets } = description
  if (typeof type !== 'string') throw refuse('dtype', type, 'a string')
  if (!isSizes(shape)) throw refuse('shape', shape, 'a list of whole numbers')
  if (!isSizes(offsets) || offsets.length !== 2) throw refuse('data_offsets', offsets, '[begin, end]')
  const [begin = 0, end = 0] = offsets
  const byteLength = end - begin
  if (byteLength < 0) throw refuse('data_offsets', offsets, 'begin before end')
  const bits = Object.hasOwn(TYPE_BITS, type) ? TYPE_BITS[type] : undefined
  const bytes = bits === undefined ? byteLength : (shape.reduce((product, size) => product * size, 1) * bits) / 8
  // A type that is not known has no size to check; whoever wants such a tensor refuses it by its name.
  if (byteLength !== bytes) throw refuse('data_offsets', offsets, `${bytes} bytes for ${type} [${shape.join(', ')}]`)
  return { entry: { name, type, shape, byteLength, file }, begin }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)

function decodeText(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw bad(file, 'its header is not UTF-8', cause)
  }
}

/** What else the first eight bytes may be. Each reads as a length far beyond the limit. */
const OTHER_FORMATS: readonly (readonly [start: string, what: string])[] = [
  ['GGUF', 'a GGUF file'],
  ['PK\x03\x04', 'a PyTorch pickle (zip)'],
  ['\x80\x02', 'a Python pickle'],
  ['\x89HDF', 'an HDF5 file'],
  ['version ', 'a Git LFS pointer: the file itself was not downloaded'],
  ['<', 'a web page or XML'],
  ['{', 'JSON'],
]

function notSafetensors(file: string, prefix: Uint8Array, headerBytes: number): HeadlightError {
  const start = String.fromCharCode(...prefix)
  const other = OTHER_FORMATS.find(([magic]) => start.startsWith(magic))
  if (other) return bad(file, `it is ${other[1]}`)
  return bad(file, `its header would be ${headerBytes} bytes long, expected 2 to ${MAX_HEADER_BYTES}`)
}

export function bad(file: string, reason: string, cause?: unknown): HeadlightError {
  const message = `${file} is not a good safetensors file: ${reason}. Get the file again, or from elsewhere.`
  return new HeadlightError('bad-file', message, { file, reason }, cause === undefined ? {} : { cause })
}
