/** A checkpoint in one GGUF file, or in several (`…-00001-of-00003.gguf`). Streamed: no tensor is ever held whole. */
import { HeadlightError } from '../errors.ts'
import { type ByteReader, byteReader, truncated } from './byte-reader.ts'
import { type Folder, missingFile } from './folder.ts'
import { bad, type GgufHeader, type GgufMetadata, type Parsing, parseGguf } from './gguf-header.ts'
import type { Checkpoint, CheckpointOptions } from './safetensors.ts'

export type { GgufMetadata }

export interface Gguf extends Checkpoint {
  /** Of the first file. */
  readonly metadata: GgufMetadata
}

const MAX_CHUNK_BYTES = 1 << 20
const PART = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i

/**
 * Opens a GGUF file of a folder, and reads its header and those of its other parts. One GET a file; where there are
 * several, two for each but the first.
 * @param file its name; any of the parts of a split one
 * @throws HeadlightError `missing-file`, `truncated-file`, `bad-file`, `unsupported`, `network`; the signal's reason when
 *   it aborts
 */
export async function openGguf(folder: Folder, file: string, options: CheckpointOptions = {}): Promise<Gguf> {
  const [name, ...others] = partsOf(file)
  const first = await openPart(folder, name!, options)
  try {
    checkPart(first, 0, others.length + 1)
    const parts: Part[] = [first]
    for (const [i, other] of others.entries()) {
      const { signal } = options
      const part = await openPart(folder, other, signal ? { signal } : {})
      await part.reader.cancel()
      checkPart(part, i + 1, others.length + 1)
      parts.push(part)
    }
    return together(folder, parts, options)
  } catch (error) {
    await first.reader.cancel()
    throw error
  }
}

interface Part {
  readonly file: string
  readonly header: GgufHeader
  /** Behind the header. */
  readonly reader: Reader
}

type Reader = Pick<ByteReader, 'position' | 'read' | 'cancel'>

function together(folder: Folder, parts: readonly Part[], options: CheckpointOptions): Gguf {
  const all = parts.flatMap(({ header }) => header.tensors.map(({ entry }) => entry))
  const entries = new Map(all.map((entry) => [entry.name, entry]))
  if (entries.size < all.length) throw bad(parts[0]!.file, 'its parts have a tensor twice')
  const [first] = parts as [Part]
  let open = first

  const tensors: Gguf['tensors'] = async function* (wanted) {
    for (const part of parts) {
      if (!part.header.tensors.some(({ entry }) => wanted.has(entry.name))) {
        await part.reader.cancel()
        continue
      }
      if (part !== first) {
        open = await openPart(folder, part.file, options)
        if (open.header.end !== part.header.end) throw bad(part.file, 'it changed while the model was loaded')
      }
      yield* readPart(open, wanted)
    }
  }

  return {
    metadata: first.header.metadata,
    names: new Set(entries.keys()),
    entries,
    byteLength: parts.reduce((sum, { header }) => sum + header.paddedEnd, 0),
    tensors,
    close: () => open.reader.cancel(),
  }
}

async function openPart(folder: Folder, file: string, { signal, onBytes }: CheckpointOptions): Promise<Part> {
  const opened = await folder.open(file, signal)
  if (!opened) throw missingFile(folder, file)
  const reader = byteReader(opened, signal, onBytes)
  try {
    const { byteLength } = opened
    const { value: header, rest } = await parse(parseGguf(file), reader, file)
    if (byteLength !== undefined && byteLength < header.end) throw truncated(file, byteLength, header.end)
    return { file, header, reader: continued(rest, reader) }
  } catch (error) {
    await reader.cancel()
    throw error
  }
}

/** Gives `parsing` the bytes that it asks for; what was read beyond them is the `rest`. */
async function parse<T>(
  parsing: Parsing<T>,
  reader: ByteReader,
  file: string,
): Promise<{ value: T; rest: Uint8Array }> {
  let unread: Uint8Array = new Uint8Array()
  const atLeast = async (count: number) => {
    const pieces = [unread.slice()]
    for (let length = unread.length; length < count; length += pieces.at(-1)!.length) {
      const piece = await reader.read(MAX_CHUNK_BYTES)
      if (!piece) throw truncated(file, reader.position, reader.position - length + count)
      pieces.push(piece.slice())
    }
    return joined(pieces)
  }
  for (let step = parsing.next(); ; ) {
    if (step.done) return { value: step.value, rest: unread }
    const count = step.value
    if (unread.length < count) unread = await atLeast(count)
    const asked = unread.subarray(0, count)
    unread = unread.subarray(count)
    step = parsing.next(asked)
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const piece of pieces) {
    bytes.set(piece, offset)
    offset += piece.length
  }
  return bytes
}

/** `reader` as if `rest` had not been read yet. */
function continued(rest: Uint8Array, reader: ByteReader): Reader {
  let kept = rest
  return {
    get position() {
      return reader.position - kept.length
    },
    async read(most) {
      if (kept.length === 0) return reader.read(most)
      const bytes = kept.subarray(0, most)
      kept = kept.subarray(bytes.length)
      return bytes
    },
    cancel: () => reader.cancel(),
  }
}

async function* readPart({ file, reader, header }: Part, wanted: ReadonlySet<string>): ReturnType<Gguf['tensors']> {
  async function* readTo(end: number): AsyncGenerator<Uint8Array, void, void> {
    while (reader.position < end) {
      const bytes = await reader.read(Math.min(MAX_CHUNK_BYTES, end - reader.position))
      if (!bytes) throw truncated(file, reader.position, header.end)
      yield bytes
    }
  }
  const skipTo = async (end: number) => {
    for await (const _ of readTo(end));
  }

  try {
    for (const { entry, begin } of header.tensors) {
      await skipTo(begin)
      if (wanted.has(entry.name)) yield { entry, chunks: () => readTo(begin + entry.byteLength) }
    }
    await skipTo(header.end)
    while (await reader.read(MAX_CHUNK_BYTES)) {
      if (reader.position > header.paddedEnd) throw bad(file, `it goes on after its ${header.paddedEnd} bytes`)
    }
  } finally {
    await reader.cancel()
  }
}

/** The files of a checkpoint, by the name of any of them. */
function partsOf(file: string): string[] {
  const [, name, number, count] = PART.exec(file) ?? []
  if (name === undefined || count === undefined) return [file]
  if (Number(number) < 1 || Number(number) > Number(count))
    throw new HeadlightError('bad-input', `${file}: there is no part ${Number(number)} of ${Number(count)}`, { file })
  const part = (i: number) => `${name}-${`${i + 1}`.padStart(5, '0')}-of-${count}${file.slice(-'.gguf'.length)}`
  return Array.from({ length: Number(count) }, (_, i) => part(i))
}

function checkPart({ file, header: { metadata } }: Part, index: number, count: number): void {
  const { 'split.no': no = 0, 'split.count': of = 0 } = metadata
  if ((of === 0 && count === 1) || (no === index && of === count)) return
  throw bad(
    file,
    `it says that it is part ${Number(no) + 1} of ${of}, but its name is that of ${index + 1} of ${count}`,
  )
}
