/** Tensors of a file that nobody has, on their way through `Weights`. */
import { expect } from 'vitest'
import type { WeightLayout, WeightPart } from '../shaders/kernel.ts'
import type { TensorEntry } from '../src/checkpoint/safetensors.ts'
import type { Resident } from '../src/decoder/op.ts'
import { type Precision, slotOf } from '../src/decoder/parts.ts'
import { Weights } from '../src/decoder/weights.ts'
import type { TensorRequest } from '../src/families/spec.ts'
import type { Gpu } from '../src/gpu/gpu.ts'
import { read } from '../src/gpu/readback.ts'
import { gpu } from './gpu.ts'

export function request(given: Partial<TensorRequest> & Pick<TensorRequest, 'shape' | 'target'>): TensorRequest {
  const kind = given.shape.length > 1 ? 'matrix' : 'vector'
  return { names: ['tensor'], layer: 0, firstRow: 0, transposed: false, order: null, kind, ...given }
}

export const sizeOf = ({ shape }: TensorRequest) => shape.reduce((product, size) => product * size, 1)

/** A tensor of the file. */
export interface Given {
  readonly request: TensorRequest
  readonly type: WeightLayout
  readonly bits: Float32Array | Uint16Array | Uint8Array
}

/** The bytes of `bits` in pieces that end inside of numbers. */
async function* chunksOf(bits: Given['bits'], chunkBytes: number) {
  const bytes = new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength)
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}

export interface LoadGiven {
  readonly precision?: Precision
  readonly on?: Gpu
  /** Whether the headers of all tensors are read before the first one comes. */
  readonly headers?: boolean
}

/** Loads tensors of one slot; gives its parts with their bytes. */
export async function load(
  tensors: readonly Given[],
  { precision = 'auto', on = gpu, headers = true }: LoadGiven = {},
): Promise<(WeightPart & { readonly bytes: ArrayBuffer })[]> {
  const requests = tensors.map(({ request }) => request)
  const entries: TensorEntry[] = tensors.map(({ request, type, bits }, i) => {
    const { byteLength } = bits
    return {
      name: `tensor ${i}`,
      type: type.toUpperCase(),
      shape: request.shape,
      byteLength,
      file: 'model.safetensors',
    }
  })
  const entryOf = (request: TensorRequest) => (headers ? entries[requests.indexOf(request)] : undefined)
  const weights = new Weights(on, requests, precision, entryOf)
  try {
    let moved = 0
    for (const [i, { request, bits }] of tensors.entries()) {
      moved -= bits.byteLength
      await weights.add(request, entries[i]!, chunksOf(bits, 10_007), (count) => {
        moved += count
      })
    }
    expect(moved).toBe(0)
    weights.finish()
    const slot = slotOf(requests[0]!)
    const parts = weights.partsOf(slot)
    let end = 0
    for (const { start, rows } of parts) {
      expect(start).toBe(end)
      end += rows
    }
    if (headers) expect(weights.foretell(slot)).toEqual(parts.map(withoutBuffer))
    return await Promise.all(
      parts.map(async (part) => ({ ...withoutBuffer(part), bytes: await read(gpu.device, part.buffer) })),
    )
  } finally {
    weights.destroy()
  }
}

const withoutBuffer = ({ buffer: _, ...part }: Resident): WeightPart => part
