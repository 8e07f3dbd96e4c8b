/** A checkpoint in one GGUF file, or in several (`…-00001-of-00003.gguf`). Streamed: no tensor is ever held whole. */
import { HeadlightError } from '../errors.ts'
import { type ByteReader, byteReader, truncated } from './byte-reader.ts'
import { type Folder, type FolderFile, missingFile } from './folder.ts'
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
 * Looks at the header of a GGUF file of a folder, and at those of its other parts.
 * @param file its name; any of the parts of a split one
 * @throws HeadlightError `missing-file`, `truncated-file`, `bad-file`, `unsupported`, `network`; the signal's reason when
 *   it aborts
 */
export async function openGguf(folder: Folder, file: string, options: CheckpointOptions = {}): Promise<Gguf> {
  const files = partsOf(file)
  const parts = files.map(async (name, i) => {
    const part = await look(folder, name, options.signal)
    checkPart(part, i, files.length)
    return part
  })
  return together(folder, await Promise.all(parts), options)
}

interface Part {
  readonly file: string
  readonly header: GgufHeader
  readonly looked: FolderFile
}

async function look(folder: Folder, file: string, signal: AbortSignal | undefined): Promise<Part> {
  const looked = await folder.look(file, signal)
  if (!looked) throw missingFile(folder, file)
  const reader = byteReader(looked, signal)
  try {
    const header = await parse(parseGguf(file), reader, file)
    const { byteLength = header.end } = looked
    if (byteLength < header.end) throw truncated(file, byteLength, header.end)
    return { file, header, looked }
  } finally {
    await reader.cancel()
  }
}

function together(folder: Folder, parts: readonly Part[], options: CheckpointOptions): Gguf {
  const { signal, onBytes } = options
  const all = parts.flatMap(({ header }) => header.tensors.map(({ entry }) => entry))
  const entries = new Map(all.map((entry) => [entry.name, entry]))
  const [first] = parts as [Part]
  if (entries.size < all.length) throw bad(first.file, 'its parts have a tensor twice')
  let open: ByteReader | undefined

  const tensors: Gguf['tensors'] = async function* (wanted) {
    for (const part of parts) {
      if (!part.header.tensors.some(({ entry }) => wanted.has(entry.name))) continue
      const opened = await folder.open(part.file, signal)
      if (!opened) throw missingFile(folder, part.file)
      open = byteReader(opened, signal, onBytes)
      if (!isSame(opened, part.looked)) {
        await open.cancel()
        throw bad(part.file, 'it changed while the model was loaded')
      }
      yield* readPart(part, open, wanted)
    }
  }

  return {
    metadata: first.header.metadata,
    entries,
    byteLength: parts.reduce((sum, { header }) => sum + header.paddedEnd, 0),
    tensors,
    close: async () => open?.cancel(),
  }
}

/** As far as both say. Headers with a vocabulary are too large to be read twice for this. */
function isSame(a: FolderFile, b: FolderFile): boolean {
  const agree = <T>(x: T | undefined, y: T | undefined) => x === undefined || y === undefined || x === y
  return agree(a.byteLength, b.byteLength) && agree(a.version, b.version)
}

/** Gives `parsing` the bytes that it asks for. */
async function parse<T>(parsing: Parsing<T>, reader: ByteReader, file: string): Promise<T> {
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
    if (step.done) return step.value
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

async function* readPart(
  { file, header }: Part,
  reader: ByteReader,
  wanted: ReadonlySet<string>,
): ReturnType<Gguf['tensors']> {
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
