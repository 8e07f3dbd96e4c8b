/** A checkpoint in safetensors: one file, or shards with an index. Streamed: no tensor is ever held whole. */
import { HeadlightError } from '../errors.ts'
import { type ByteReader, byteReader, truncated } from './byte-reader.ts'
import { type Folder, missingFile, type OnBytes } from './folder.ts'
import { bad, type Header, readHeader, type TensorEntry } from './safetensors-header.ts'

export type { TensorEntry }

/** A tensor whose bytes are next in the stream. */
interface TensorBytes {
  readonly entry: TensorEntry
  /**
   * Its bytes in order, each chunk at most 1 MiB, cut anywhere: also inside a number. A chunk is good until the next
   * is asked for. Bytes not asked for are passed over when the next tensor is.
   * @throws HeadlightError `truncated-file`, `network`
   */
  chunks(): AsyncGenerator<Uint8Array, void, void>
}

export interface Checkpoint {
  /** Every tensor's name, known before any weight is read. */
  readonly names: ReadonlySet<string>
  /**
   * Headers read so far, by tensor name: all of them where the checkpoint is one file; else those of
   * the shards that `tensors()` has come to.
   */
  readonly entries: ReadonlyMap<string, TensorEntry>
  /** Bytes to receive in all, where every shard is wanted; undefined while not known. */
  readonly byteLength: number | undefined
  /**
   * To be called once: the tensors in `wanted`, file by file, in the order of their bytes. Shards with none are not
   * fetched.
   * @throws HeadlightError `missing-file`, `truncated-file`, `bad-file`, `network`
   */
  tensors(wanted: ReadonlySet<string>): AsyncGenerator<TensorBytes, void, void>
  /** Stops the download. Harmless at any time; leaving the loop over `tensors()` does the same. */
  close(): Promise<void>
}

export interface CheckpointOptions {
  readonly signal?: AbortSignal
  /** Its name, where one file is not model.safetensors. */
  readonly single?: string | undefined
  /** Told of each piece received. */
  readonly onBytes?: OnBytes
}

const MAX_CHUNK_BYTES = 1 << 20
const SINGLE = 'model.safetensors'
const INDEX = 'model.safetensors.index.json'

/**
 * Opens model.safetensors, or else the shards that model.safetensors.index.json names. One GET a file.
 * @throws HeadlightError `missing-file`, `truncated-file`, `bad-file`, `network`; the signal's reason when it aborts
 */
export async function openCheckpoint(folder: Folder, options: CheckpointOptions = {}): Promise<Checkpoint> {
  const single = await openShard(folder, options.single ?? SINGLE, options)
  return single ? oneFile(single) : shards(folder, options)
}

interface Shard {
  readonly file: string
  readonly reader: ByteReader
  readonly header: Header
}

async function openShard(
  folder: Folder,
  file: string,
  { signal, onBytes }: CheckpointOptions,
): Promise<Shard | undefined> {
  const opened = await folder.open(file, signal)
  if (!opened) return undefined
  const reader = byteReader(opened, signal, onBytes)
  try {
    return { file, reader, header: await readHeader(reader, file) }
  } catch (error) {
    await reader.cancel()
    throw error
  }
}

function oneFile(shard: Shard): Checkpoint {
  const { reader, header } = shard
  const entries = new Map(header.entries.map((entry) => [entry.name, entry]))
  return {
    names: new Set(entries.keys()),
    entries,
    byteLength: header.fileBytes,
    tensors: (wanted) => readShard(shard, wanted),
    close: () => reader.cancel(),
  }
}

async function shards(folder: Folder, options: CheckpointOptions): Promise<Checkpoint> {
  const index = await folder.json(INDEX, options.signal)
  if (index === undefined) throw missingFile(folder, SINGLE)
  const { files, dataBytes } = parseIndex(index)
  const entries = new Map<string, TensorEntry>()
  let headerBytes = 0
  let open: Shard | undefined

  async function* tensors(wanted: ReadonlySet<string>): AsyncGenerator<TensorBytes, void, void> {
    for (const [file, names] of files) {
      const here = new Set([...names].filter((name) => wanted.has(name)))
      if (here.size === 0) continue
      open = await openShard(folder, file, options)
      if (!open) throw missingFile(folder, file)
      const { header, reader } = open
      headerBytes += header.headerBytes
      for (const entry of header.entries) if (names.has(entry.name)) entries.set(entry.name, entry)
      const absent = [...here].find((name) => !entries.has(name))
      if (absent !== undefined) {
        await reader.cancel()
        throw bad(file, `${absent} is not in it, though ${INDEX} says so`)
      }
      yield* readShard(open, here)
    }
  }

  return {
    names: new Set([...files.values()].flatMap((names) => [...names])),
    entries,
    get byteLength() {
      return dataBytes === undefined ? undefined : dataBytes + headerBytes
    },
    tensors,
    close: async () => open?.reader.cancel(),
  }
}

async function* readShard(
  { file, reader, header }: Shard,
  wanted: ReadonlySet<string>,
): AsyncGenerator<TensorBytes, void, void> {
  async function* readTo(end: number): AsyncGenerator<Uint8Array, void, void> {
    while (reader.position < end) {
      const bytes = await reader.read(Math.min(MAX_CHUNK_BYTES, end - reader.position))
      if (!bytes) throw truncated(file, reader.position, header.fileBytes)
      yield bytes
    }
  }
  const skipTo = async (end: number) => {
    for await (const _ of readTo(end));
  }

  try {
    let end = header.headerBytes
    for (const entry of header.entries) {
      await skipTo(end)
      end += entry.byteLength
      const tensorEnd = end
      if (wanted.has(entry.name)) yield { entry, chunks: () => readTo(tensorEnd) }
    }
    await skipTo(end)
    if (await reader.read(1)) throw bad(file, `it goes on after its ${header.fileBytes} bytes`)
  } finally {
    await reader.cancel()
  }
}

/** Tensor names by file, files in order of their names; `dataBytes` of all tensors where the index says so. */
function parseIndex(index: unknown): { files: Map<string, Set<string>>; dataBytes: number | undefined } {
  const { weight_map: weightMap, metadata } = (index ?? {}) as {
    weight_map?: unknown
    metadata?: { total_size?: unknown } | null
  }
  if (typeof weightMap !== 'object' || weightMap === null) throw badIndex('weight_map', weightMap)
  const files = new Map<string, Set<string>>()
  for (const [name, file] of Object.entries(weightMap) as [string, unknown][]) {
    // Names of other folders or hosts have no business here.
    if (typeof file !== 'string' || !/^[\w.-]+\.safetensors$/.test(file)) throw badIndex(name, file)
    const names = files.get(file)
    if (names) names.add(name)
    else files.set(file, new Set([name]))
  }
  const total = metadata?.total_size
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  return { files: new Map(sorted), dataBytes: typeof total === 'number' && total > 0 ? total : undefined }
}

function badIndex(field: string, value: unknown): HeadlightError {
  const found = JSON.stringify(value)?.slice(0, 80) ?? 'missing'
  const message = `${INDEX}: ${field} is ${found}, expected tensor names with the .safetensors files that hold them`
  return new HeadlightError('bad-file', message, { file: INDEX, field, found })
}
