/** The keys and values of a text: written to this browser's files in pieces, and read back. */
import { hashOf } from '../checkpoint/hash.ts'
import type { Saved, SavedFile, TextStore } from '../checkpoint/text-store.ts'
import type { Decoder } from '../decoder/decoder.ts'
import type { Timeline } from '../decoder/timeline.ts'
import { news } from '../gpu/news.ts'

/** Of how a piece lies (`Timeline.rows`), and of what models compute: another number, and older files are not read. */
const FORMAT = 1
/** About what a piece has: what is in memory at a time, and is written at once. */
const PIECE_BYTES = 1 << 20

/** Where the texts of a model are kept. */
export interface TextPlace {
  readonly store: TextStore
  /** Names the weights' files with their versions; undefined where nobody knows them: then nothing is kept. */
  readonly files: Promise<string | undefined>
}

export interface SaveOptions {
  /** Resolves when the model has nothing better to do. Awaited before each piece. */
  readonly rest: () => Promise<void>
  /** The timeline is to be used, or gone. */
  readonly signal: AbortSignal
}

/** Never rejects. @returns tokens that are stored: all of the timeline's, or none */
export async function saveText(
  timeline: Timeline,
  text: string,
  { store, files }: TextPlace,
  { rest, signal }: SaveOptions,
): Promise<number> {
  const { tokens, decoder } = timeline
  const made = tokens.length > 0 && !timeline.isChanged ? await madeOf(timeline, tokens.length, files) : undefined
  if (made === undefined || signal.aborted) return 0
  const rows = rowsOf(decoder)
  const saved: Saved = {
    ...{ text, source: store.source, model: store.model, made, tokens },
    byteLength: tokens.length * decoder.cacheBytesPerToken,
    pieceBytes: rows * decoder.cacheBytesPerToken,
  }
  try {
    const isThere = await store.write(saved, (from) => readPieces(timeline, tokens.length, from, { rest, signal }))
    return isThere ? tokens.length : 0
  } catch {
    return 0 // no room, or there is something better to do
  }
}

async function* readPieces(timeline: Timeline, count: number, first: number, { rest, signal }: SaveOptions) {
  const { decoder } = timeline
  const { device } = decoder.gpu
  const rows = rowsOf(decoder)
  const staging = device.createBuffer({
    label: 'saving',
    size: rows * decoder.cacheBytesPerToken,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  })
  try {
    for (let from = first * rows; from < count; from += rows) {
      const to = Math.min(from + rows, count)
      await rest()
      signal.throwIfAborted()
      const encoder = device.createCommandEncoder({ label: 'read cache' })
      for (const { buffer, offset, at, size } of timeline.rows(from, to)) {
        encoder.copyBufferToBuffer(buffer, offset, staging, at, size)
      }
      device.queue.submit([encoder.finish()])
      const byteLength = (to - from) * decoder.cacheBytesPerToken
      await news(device, () => staging.mapAsync(GPUMapMode.READ, 0, byteLength))
      yield new Uint8Array(staging.getMappedRange(0, byteLength))
      staging.unmap()
    }
  } finally {
    staging.destroy()
  }
}

/**
 * Puts the timeline where a text was left, unless it is there. What does not fit, or is damaged, is dropped.
 * @returns tokens that need not be read again; 0 where nothing is stored
 */
export async function restoreText(
  timeline: Timeline,
  text: string,
  { store, files }: TextPlace,
  signal: AbortSignal,
): Promise<number> {
  const file = await store.read(text).catch(() => undefined)
  if (!file) return 0
  const { tokens } = file
  if (!(await fits(timeline, file, files))) {
    await file.remove()
    return 0
  }
  if (signal.aborted) return 0
  timeline.under('')
  const isThere = tokens.every((id, position) => timeline.tokens[position] === id)
  if (!isThere) {
    timeline.tokens = []
    await timeline.reserve(tokens.length)
    if (!(await fill(timeline, file, signal))) {
      if (!signal.aborted) await file.remove()
      return 0
    }
    timeline.tokens = tokens
  }
  await store.touch(file).catch(() => undefined)
  return tokens.length
}

async function fits(timeline: Timeline, file: SavedFile, files: TextPlace['files']): Promise<boolean> {
  const { spec, cacheBytesPerToken } = timeline.decoder
  const { tokens, byteLength, pieceBytes, made, hashes } = file
  const isOurs = made === (await madeOf(timeline, tokens.length, files))
  return (
    isOurs &&
    tokens.length <= spec.context &&
    byteLength === tokens.length * cacheBytesPerToken &&
    pieceBytes === rowsOf(timeline.decoder) * cacheBytesPerToken &&
    hashes.length === Math.ceil(byteLength / pieceBytes)
  )
}

/** @returns whether every piece is what was written */
async function fill(timeline: Timeline, { content, tokens, hashes }: SavedFile, signal: AbortSignal): Promise<boolean> {
  const { decoder } = timeline
  const { queue } = decoder.gpu.device
  const rows = rowsOf(decoder)
  const bytesPerToken = decoder.cacheBytesPerToken
  for (let from = 0, index = 0; from < tokens.length; from += rows, index++) {
    const to = Math.min(from + rows, tokens.length)
    const part = content.slice(from * bytesPerToken, to * bytesPerToken).arrayBuffer()
    const bytes = new Uint8Array(await part.catch(() => new ArrayBuffer(0))) // another tab has written it anew
    if ((await hashOf(bytes)) !== hashes[index] || signal.aborted) return false
    for (const { buffer, offset, at, size } of timeline.rows(from, to))
      queue.writeBuffer(buffer, offset, bytes, at, size)
  }
  return true
}

/** Positions of a piece. */
const rowsOf = ({ cacheBytesPerToken }: Decoder): number => Math.max(1, Math.floor(PIECE_BYTES / cacheBytesPerToken))

/** A hash of all that decides which keys and values tokens have; undefined where that is not known. */
async function madeOf(
  { decoder, longFrom }: Timeline,
  count: number,
  files: TextPlace['files'],
): Promise<string | undefined> {
  const known = await files
  if (known === undefined) return undefined
  const { spec, weights, forms } = decoder
  const made = JSON.stringify([FORMAT, known, spec, weights.layouts, forms.cache, forms.arithmetic, count > longFrom])
  return hashOf(new TextEncoder().encode(made))
}
