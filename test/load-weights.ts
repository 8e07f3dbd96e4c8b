/** Tensors of a file that nobody has, on their way through `Weights`. */
import { expect } from 'vitest'
import type { WeightLayout, WeightPart } from '../shaders/kernel.ts'
import type { Resident } from '../src/decoder/op.ts'
import { type Precision, slotOf, type Tensor } from '../src/decoder/parts.ts'
import { scalesOf } from '../src/decoder/scales.ts'
import { Staging } from '../src/decoder/staging.ts'
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
  /** By which its numbers are multiplied. */
  readonly scales?: Pick<Given, 'type' | 'bits'> & { readonly shape: readonly number[] }
}

/** The bytes of `bits` in pieces that end inside of numbers. */
async function* chunksOf(bits: Given['bits'], chunkBytes: number) {
  const bytes = new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength)
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}

export interface LoadGiven {
  readonly precision?: Precision
  readonly on?: Gpu
}

/** Loads tensors of one slot; gives its parts with their bytes. */
export async function load(
  tensors: readonly Given[],
  { precision = 'auto', on = gpu }: LoadGiven = {},
): Promise<(WeightPart & { readonly bytes: ArrayBuffer })[]> {
  const all = tensors.map(({ request, type, scales }, i): Tensor => {
    const entry = { name: `tensor ${i}`, type: type.toUpperCase() }
    if (!scales) return { request, entry }
    const found = { name: `scales ${i}`, type: scales.type.toUpperCase(), shape: scales.shape }
    return { request, entry, scales: scalesOf(request, entry, found) }
  })
  const weights = new Weights(on, all, precision)
  const staging = new Staging(on, weights, precision)
  try {
    let moved = 0
    const onBytes = (count: number) => {
      moved += count
    }
    for (const [i, { bits, scales }] of tensors.entries()) {
      moved -= bits.byteLength
      await staging.add(all[i]!, chunksOf(bits, 10_007), onBytes)
      if (!scales) continue
      moved -= scales.bits.byteLength
      await staging.addScales(all[i]!, all[i]!.scales!, chunksOf(scales.bits, 101), onBytes)
    }
    expect(moved).toBe(0)
    const parts = weights.partsOf(slotOf(all[0]!.request))
    let end = 0
    for (const { start, rows } of parts) {
      expect(start).toBe(end)
      end += rows
    }
    return await Promise.all(
      parts.map(async (part) => ({ ...withoutBuffer(part), bytes: await read(gpu.device, part.buffer) })),
    )
  } finally {
    staging.destroy()
    weights.destroy()
  }
}

const withoutBuffer = ({ buffer: _, ...part }: Resident): WeightPart => part
