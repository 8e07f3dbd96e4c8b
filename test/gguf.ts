/** Makes GGUF files, for tests that need one that nobody ships. */
import { GGUF_TYPES } from '../src/checkpoint/gguf-types.ts'

export type GgufValue = string | number | boolean | bigint | readonly string[] | readonly boolean[] | readonly number[]

export interface GgufTensor {
  readonly type: string
  /** [rows, columns] */
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

export interface GgufParts {
  readonly version?: number
  readonly alignment?: number
  readonly metadata: Readonly<Record<string, GgufValue>>
  readonly tensors: Readonly<Record<string, GgufTensor>>
}

/** Whole numbers are written as u32 (negative: i32), others as f32. */
export function writeGguf({ version = 3, alignment = 32, metadata, tensors }: GgufParts): Uint8Array<ArrayBuffer> {
  const bytes: number[] = []
  const all = { ...metadata, ...(alignment !== 32 && { 'general.alignment': alignment }) }
  put(bytes, ...new TextEncoder().encode('GGUF'))
  uint(bytes, version, 4)
  uint(bytes, Object.keys(tensors).length, 8)
  uint(bytes, Object.keys(all).length, 8)
  for (const [key, value] of Object.entries(all)) {
    text(bytes, key)
    const type = typeOf(value)
    uint(bytes, type, 4)
    put(bytes, ...encode(value, type))
  }
  const padded = (size: number) => Math.ceil(size / alignment) * alignment
  let offset = 0
  for (const [name, { type, shape, bytes: data }] of Object.entries(tensors)) {
    text(bytes, name)
    uint(bytes, shape.length, 4)
    for (const size of shape.toReversed()) uint(bytes, size, 8)
    uint(bytes, [...GGUF_TYPES].find(([, known]) => known.name === type)![0], 4)
    uint(bytes, offset, 8)
    offset += padded(data.length)
  }
  const start = padded(bytes.length)
  const file = new Uint8Array(start + offset)
  file.set(bytes)
  let at = start
  for (const { bytes: data } of Object.values(tensors)) {
    file.set(data, at)
    at += padded(data.length)
  }
  return file
}

const [U32, I32, F32, BOOL, STRING, LIST, U64] = [4, 5, 6, 7, 8, 9, 10]

function typeOf(value: GgufValue): number {
  if (Array.isArray(value)) return LIST
  if (typeof value === 'string') return STRING
  if (typeof value === 'boolean') return BOOL
  if (typeof value === 'bigint') return U64
  return !Number.isInteger(value) ? F32 : Number(value) < 0 ? I32 : U32
}

function encode(value: GgufValue, type: number): number[] {
  const bytes: number[] = []
  if (Array.isArray(value)) {
    const inner = value.some((element) => typeOf(element) === F32) ? F32 : value.length > 0 ? typeOf(value[0]) : U32
    uint(bytes, inner, 4)
    uint(bytes, value.length, 8)
    for (const element of value) for (const byte of encode(element, inner)) bytes.push(byte)
    return bytes
  }
  if (type === STRING) text(bytes, String(value))
  else if (type === BOOL) put(bytes, value ? 1 : 0)
  else if (type === F32) put(bytes, ...new Uint8Array(Float32Array.of(Number(value)).buffer))
  else uint(bytes, type === U64 ? (value as bigint) : Number(value), type === U64 ? 8 : 4)
  return bytes
}

function put(bytes: number[], ...more: readonly number[]): void {
  for (const byte of more) bytes.push(byte)
}

function uint(bytes: number[], value: number | bigint, size: number): void {
  const bits = BigInt.asUintN(64, BigInt(value))
  for (let i = 0; i < size; i++) bytes.push(Number((bits >> BigInt(8 * i)) & 0xffn))
}

function text(bytes: number[], value: string): void {
  const encoded = new TextEncoder().encode(value)
  uint(bytes, encoded.length, 8)
  for (const byte of encoded) bytes.push(byte)
}
