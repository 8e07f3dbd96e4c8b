/** Writes the packed copy of a model that is loaded and in use: slowly, and in pieces. */
import { hashOf } from '../checkpoint/hash.ts'
import { CHUNK_BYTES } from '../checkpoint/journal.ts'
import type { Slot } from '../checkpoint/slot.ts'
import type { Tensor } from '../decoder/parts.ts'
import type { Weights } from '../decoder/weights.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { encodeHeader, type Packing, PIECE_BYTES } from './packed.ts'

export interface PackOptions {
  /** Resolves when the model has nothing better to do. Awaited before each MiB. */
  readonly rest: () => Promise<void>
  /** The model is destroyed: its weights may not be touched any more. */
  readonly signal: AbortSignal
}

/** Never rejects: where it cannot be written, to the end, there is none. */
export async function pack(
  gpu: Gpu,
  weights: Weights,
  tensors: readonly Tensor[],
  { derived, name, version }: Packing,
  options: PackOptions,
): Promise<void> {
  const forms = tensors.map(({ entry: { name, type }, request: { shape } }) => ({ name, type, shape }))
  const headerOf = (hashes: readonly string[]) => encodeHeader({ tensors: forms, plan: [...weights.plan], hashes })
  const blank = [...weights.pieces(PIECE_BYTES)].map(() => '0'.repeat(64))
  const { length: dataAt } = headerOf(blank)
  try {
    await options.rest()
    const slot = await derived.open({ name, version, byteLength: dataAt + weights.packedBytes })
    if (!slot) return
    try {
      const header = headerOf(await writePieces(gpu, weights, slot, dataAt, options))
      for (let at = 0; at < dataAt; at += CHUNK_BYTES)
        slot.write(at / CHUNK_BYTES, header.subarray(at, at + CHUNK_BYTES))
      slot.markComplete()
    } catch (error) {
      slot.empty()
      throw error
    } finally {
      slot.close()
    }
  } catch {
    await derived.remove(name).catch(() => undefined) // no room, or the model is gone
  }
}

/** @returns the hash of each */
async function writePieces(
  gpu: Gpu,
  weights: Weights,
  slot: Slot,
  dataAt: number,
  { rest, signal }: PackOptions,
): Promise<string[]> {
  const size = Math.min(PIECE_BYTES, weights.packedBytes)
  const staging = gpu.device.createBuffer({
    label: 'packing',
    size,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  })
  const hashes: string[] = []
  try {
    for (const piece of weights.pieces(PIECE_BYTES)) {
      signal.throwIfAborted()
      const length = piece.end - piece.begin
      await weights.read(piece, staging)
      const bytes = new Uint8Array(staging.getMappedRange(0, length))
      hashes.push(await hashOf(bytes))
      for (let at = 0; at < length; at += CHUNK_BYTES) {
        await rest()
        signal.throwIfAborted()
        slot.write((dataAt + piece.begin + at) / CHUNK_BYTES, bytes.subarray(at, at + CHUNK_BYTES))
      }
      staging.unmap()
    }
    return hashes
  } finally {
    staging.destroy()
  }
}
