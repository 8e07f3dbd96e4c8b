/** Makes and takes apart safetensors files, for tests that need one that nobody ships. */
import type { NumberLayout } from '../shaders/kernel.ts'
import { encode } from './precision.ts'

export interface PlainTensor {
  readonly type: string
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}
export type PlainTensors = Readonly<Record<string, PlainTensor>>

interface HeaderEntry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

export function readSafetensors(file: Uint8Array): PlainTensors {
  const headerBytes = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))
  const data = file.subarray(8 + headerBytes)
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerBytes))) as Record<string, HeaderEntry>
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__')
  return Object.fromEntries(
    entries.map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [begin, end],
        },
      ]) => [name, { type: dtype, shape, bytes: data.slice(begin, end) }],
    ),
  )
}

export function writeSafetensors(tensors: PlainTensors): Uint8Array {
  let offset = 0
  const entries = Object.entries(tensors).map(([name, { type, shape, bytes }]) => {
    const entry: HeaderEntry = { dtype: type, shape, data_offsets: [offset, offset + bytes.length] }
    offset += bytes.length
    return [name, entry]
  })
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)))
  const file = new Uint8Array(8 + header.length + offset)
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true)
  file.set(header, 8)
  let at = 8 + header.length
  for (const { bytes } of Object.values(tensors)) {
    file.set(bytes, at)
    at += bytes.length
  }
  return file
}

/** The numbers of an F32 tensor. */
export const numbersOf = ({ bytes }: PlainTensor): Float32Array => new Float32Array(bytes.slice().buffer)

/** A tensor of these numbers, rounded to `type`. */
export function tensorOf(numbers: Float32Array, shape: readonly number[], type: NumberLayout): PlainTensor {
  const bits = type === 'f32' ? numbers : Uint16Array.from(numbers, (value) => encode(value, type))
  return { type: type.toUpperCase(), shape, bytes: new Uint8Array(bits.buffer, 0, bits.byteLength) }
}
