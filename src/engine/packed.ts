/**
 * The packed copy: weights that were rounded while they streamed in, kept as they lie on the GPU, so that the next load
 * reads these and no byte of the original. One file of the model's stored ones, for each precision:
 *
 *     12 bytes   how long the JSON is
 *     JSON       `Header`, and zeros up to a multiple of CHUNK_BYTES
 *     the rest   the bytes of all parts, one behind the other
 */
import { type Choice, versionedFiles } from '../checkpoint/choose.ts'
import type { Derived } from '../checkpoint/derived.ts'
import { hashOf } from '../checkpoint/hash.ts'
import { CHUNK_BYTES } from '../checkpoint/journal.ts'
import type { Place } from '../checkpoint/place.ts'
import type { FileInfo } from '../checkpoint/remote.ts'
import { match, type TensorForm } from '../decoder/match.ts'
import { planOf } from '../decoder/parts.ts'
import type { TensorRequest } from '../families/spec.ts'
import type { WeightPrecision } from './types.ts'
import type { WeightSource } from './weight-source.ts'

/** Of the layout above, and of what rounding gives: another number, and older copies are not read. */
const FORMAT = 1
const LENGTH_BYTES = 12
const MAX_HEADER_BYTES = 64 * CHUNK_BYTES // far above any real one
/** What is in memory at a time, and has a hash of its own. A multiple of CHUNK_BYTES. */
export const PIECE_BYTES = 16 * CHUNK_BYTES

interface Header {
  /** Headers of the original's tensors. */
  readonly tensors: readonly TensorForm[]
  /** Slots with their parts, in the order of their bytes: the entries of a `Plan`. */
  readonly plan: readonly unknown[]
  /** SHA-256 of each PIECE_BYTES of the parts' bytes. Hexadecimal. */
  readonly hashes: readonly string[]
}

/** With the length before it and the zeros behind. */
export function encodeHeader(header: Header): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header))
  const bytes = new Uint8Array(Math.ceil((LENGTH_BYTES + json.length) / CHUNK_BYTES) * CHUNK_BYTES)
  bytes.set(new TextEncoder().encode(`${json.length}`.padStart(LENGTH_BYTES)))
  bytes.set(json, LENGTH_BYTES)
  return bytes
}

/** `dataAt`: the byte at which the parts begin. @throws where it is none */
async function readHeader(file: File): Promise<{ header: Header; dataAt: number }> {
  const length = Number(await file.slice(0, LENGTH_BYTES).text())
  if (!(length <= MAX_HEADER_BYTES)) throw new Error(`its header would have ${length} bytes`)
  const end = LENGTH_BYTES + length
  const header = JSON.parse(await file.slice(LENGTH_BYTES, end).text()) as Header
  return { header, dataAt: Math.ceil(end / CHUNK_BYTES) * CHUNK_BYTES }
}

/** Where a model's packed copy is kept, and what it must be made from. */
export interface Packing {
  readonly derived: Derived
  readonly precision: WeightPrecision
  readonly name: string
  /** Differs where the original, or the way it is packed, does. */
  readonly version: string
}

interface PackedCopy extends WeightSource {
  readonly file: FileInfo
}

/** What is stored is not what was written, and is dropped. */
export class DamagedCopy extends Error {}

/** Undefined where nothing is packed, or nobody knows whether files are still the same. */
export async function packingOf(
  place: Place,
  choice: Choice,
  precision: WeightPrecision,
  signal?: AbortSignal,
): Promise<Packing | undefined> {
  const { derived } = place
  if (!derived || choice.format !== 'safetensors' || (precision !== 'q8' && precision !== 'q4')) return undefined
  const files = await versionedFiles(place, choice, signal)
  if (!files) return undefined
  const made = JSON.stringify([FORMAT, precision, ...files])
  return { derived, precision, name: `packed.${precision}`, version: await hashOf(new TextEncoder().encode(made)) }
}

/** Undefined where there is none, or one that does not suit this model on this device. */
export async function openPacked(
  { derived, precision, name, version }: Packing,
  requests: readonly TensorRequest[],
  partBytes: number,
  signal?: AbortSignal,
): Promise<PackedCopy | undefined> {
  const file = await derived.read(name, version).catch(() => undefined)
  if (!file) return undefined
  try {
    const { header, dataAt } = await readHeader(file)
    const tensors = match(requests, new Map(header.tensors.map((entry) => [entry.name, entry])), 'none')
    if (JSON.stringify(header.plan) !== JSON.stringify([...planOf(tensors, precision, partBytes)])) {
      throw new Error('it was packed for other parts')
    }
    return {
      isOriginal: false,
      file: { name, byteLength: file.size, version, sha256: undefined },
      tensors,
      byteLength: file.size - dataAt,
      async fill(weights, report) {
        for (const piece of weights.pieces(PIECE_BYTES)) {
          signal?.throwIfAborted()
          const bytes = await bytesOf(file, dataAt + piece.begin, dataAt + piece.end)
          if ((await hashOf(bytes)) !== header.hashes[piece.index]) {
            await derived.remove(name)
            throw new DamagedCopy(`${name}: piece ${piece.index}`)
          }
          report.download(bytes.length, true)
          await weights.fill(piece, bytes)
          report.weights(bytes.length)
        }
        return new Map()
      },
    }
  } catch {
    await derived.remove(name)
    return undefined
  }
}

/** Fewer where the file is cut, or cannot be read. */
async function bytesOf(file: File, begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const content = file.slice(begin, end).arrayBuffer()
  return new Uint8Array(await content.catch(() => new ArrayBuffer(0)))
}
