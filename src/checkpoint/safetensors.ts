/** A checkpoint in safetensors: one file, or shards with an index. Streamed: no tensor is ever held whole. */
import { HeadlightError, spell } from '../errors.ts'
import { type ByteReader, byteReader, truncated } from './byte-reader.ts'
import { type Folder, type FolderFile, missingFile, type OnBytes } from './folder.ts'
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
  /** By tensor name: the headers of all files, which are read before any weight is. */
  readonly entries: ReadonlyMap<string, TensorEntry>
  /** Bytes of all files. */
  readonly byteLength: number
  /**
   * To be called once: the tensors in `wanted`, file by file, in the order of their bytes. Files with none are not
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
  /** Told of each piece of the files as `tensors()` reads them. */
  readonly onBytes?: OnBytes
}

const MAX_CHUNK_BYTES = 1 << 20
const SINGLE = 'model.safetensors'
const INDEX = 'model.safetensors.index.json'

interface Shard {
  readonly file: string
  readonly header: Header
  /** Tensors that are taken from it: those that the index says, or all. */
  readonly names: ReadonlySet<string>
}

/**
 * Looks at the header of model.safetensors, or else of all shards that model.safetensors.index.json names.
 * @throws HeadlightError `missing-file`, `truncated-file`, `bad-file`, `network`; the signal's reason when it aborts
 */
export async function openCheckpoint(folder: Folder, options: CheckpointOptions = {}): Promise<Checkpoint> {
  const { signal, single = SINGLE } = options
  const header = await look(folder, single, signal)
  if (header) {
    const names = new Set(header.entries.map(({ name }) => name))
    return together(folder, [{ file: single, header, names }], options)
  }
  const index = await folder.json(INDEX, signal)
  if (index === undefined) throw missingFile(folder, SINGLE)
  const shards = [...parseIndex(index)].map(async ([file, names]): Promise<Shard> => {
    const header = await look(folder, file, signal)
    if (!header) throw missingFile(folder, file)
    return { file, header, names }
  })
  return together(folder, await Promise.all(shards), options)
}

/** Undefined where the file does not exist. */
async function look(folder: Folder, file: string, signal: AbortSignal | undefined): Promise<Header | undefined> {
  const opened = await folder.look(file, signal)
  if (!opened) return undefined
  const { header, reader } = await begin(opened, file, { ...(signal && { signal }) })
  await reader.cancel()
  const { byteLength = header.fileBytes } = opened
  if (byteLength < header.fileBytes) throw truncated(file, byteLength, header.fileBytes)
  return header
}

/** Reads up to the first tensor. */
async function begin(opened: FolderFile, file: string, { signal, onBytes }: CheckpointOptions) {
  const reader = byteReader(opened, signal, onBytes)
  try {
    return { header: await readHeader(reader, file), reader }
  } catch (error) {
    await reader.cancel()
    throw error
  }
}

function together(folder: Folder, shards: readonly Shard[], options: CheckpointOptions): Checkpoint {
  const entries = shards.flatMap(({ header, names }) => header.entries.filter(({ name }) => names.has(name)))
  let open: ByteReader | undefined

  async function* tensors(wanted: ReadonlySet<string>): AsyncGenerator<TensorBytes, void, void> {
    for (const { file, header, names } of shards) {
      const here = new Set([...names].filter((name) => wanted.has(name)))
      if (here.size === 0) continue
      const opened = await folder.open(file, options.signal)
      if (!opened) throw missingFile(folder, file)
      const begun = await begin(opened, file, options)
      open = begun.reader
      if (JSON.stringify(begun.header) !== JSON.stringify(header)) {
        await open.cancel()
        throw bad(file, 'it changed while the model was loaded')
      }
      yield* readShard(file, header, open, here)
    }
  }

  return {
    entries: new Map(entries.map((entry) => [entry.name, entry])),
    byteLength: shards.reduce((sum, { header }) => sum + header.fileBytes, 0),
    tensors,
    close: async () => open?.cancel(),
  }
}

async function* readShard(
  file: string,
  header: Header,
  reader: ByteReader,
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

/** Tensor names by file, files in order of their names. */
function parseIndex(index: unknown): Map<string, Set<string>> {
  const { weight_map: weightMap } = (index ?? {}) as { weight_map?: unknown }
  if (typeof weightMap !== 'object' || weightMap === null) throw badIndex('weight_map', weightMap)
  const files = new Map<string, Set<string>>()
  for (const [name, file] of Object.entries(weightMap) as [string, unknown][]) {
    // Names of other folders or hosts have no business here.
    if (typeof file !== 'string' || !/^[\w.-]+\.safetensors$/.test(file)) throw badIndex(name, file)
    const names = files.get(file)
    if (names) names.add(name)
    else files.set(file, new Set([name]))
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function badIndex(field: string, value: unknown): HeadlightError {
  const found = spell(value)
  const message = `${INDEX}: ${field} is ${found}, expected tensor names with the .safetensors files that hold them`
  return new HeadlightError('bad-file', message, { file: INDEX, field, found })
}
