/** Which of a place's files are the weights. A hub's repository may hold a model several times over. */
import { HeadlightError } from '../errors.ts'
import type { Place } from './place.ts'
import type { FileInfo } from './remote.ts'
import { type Source, sourceName, sourceText } from './source.ts'

export interface Choice {
  readonly format: 'safetensors' | 'gguf'
  /** Undefined: model.safetensors, or the shards of its index. Of a split GGUF, the first part. */
  readonly file: string | undefined
  /** Other files that the same place offers instead, each whole: the sources that mean them. */
  readonly alternatives: readonly Alternative[]
}

export interface Alternative {
  /** To be loaded instead; undefined where the place has no address. */
  readonly source: string | undefined
  readonly name: string
  readonly byteLength: number | undefined
}

const SINGLE = 'model.safetensors'
const INDEX = 'model.safetensors.index.json'
const SHARD = /-\d{5}-of-\d{5}\.(safetensors|gguf)$/i
const LATER_PART = /-(?!00001)\d{5}-of-\d{5}\.gguf$/i
/** GGUF files that go with a model, and are none. */
const COMPANION = /(^|\/)(mmproj|imatrix)|imatrix\.gguf$/i
/** What most people take: small, and hardly worse than the original. */
const FAVOURITES = [/q4_k_m/i, /q4_k/i, /iq4_xs/i, /q4_0/i, /q5_k/i, /q8_0/i]

/**
 * @param files undefined where the host cannot list them
 * @throws HeadlightError `unsupported`: there are weights, in no format that Headlight reads
 */
export function chooseWeights(source: Source, files: readonly FileInfo[] | undefined): Choice {
  const named = source.file
  const ggufs = (files ?? []).filter(
    ({ name }) => /\.gguf$/i.test(name) && !LATER_PART.test(name) && !COMPANION.test(name),
  )
  const alternatives = ggufs.map((file) => ({
    source: addressOf(source, file.name),
    name: file.name,
    byteLength: wholeBytes(file, files ?? []),
  }))
  const gguf = (file: string): Choice => ({
    format: 'gguf',
    file: firstPart(file),
    alternatives: alternatives.filter(({ name }) => name !== firstPart(file)),
  })
  if (named !== undefined && /\.gguf$/i.test(named)) return gguf(named)
  const safetensors = (file?: string): Choice => ({ format: 'safetensors', file, alternatives })
  if (named !== undefined && !SHARD.test(named) && named !== SINGLE) return safetensors(named)
  if (!files) return safetensors()

  const has = (name: string) => files.some((file) => file.name === name)
  if (has('adapter_config.json') && !has('config.json')) {
    throw refuse(source, 'an adapter (LoRA) for another model, not a model', 'adapter_config.json')
  }
  if (has(SINGLE) || has(INDEX)) return safetensors()
  const [lone, another] = files.filter(({ name }) => /^[^/]+\.safetensors$/i.test(name) && !SHARD.test(name))
  if (lone && !another) return safetensors(lone.name)
  const best = favourite(alternatives)
  if (best) return gguf(best.name)
  const other = files.find(({ name }) => /\.(bin|pt|pth|ckpt|h5|msgpack|onnx|ot|npz|mlmodel|tflite)$/i.test(name))
  if (other) throw refuse(source, `weights as ${other.name.split('.').at(-1)} only`, other.name)
  return safetensors()
}

function favourite(alternatives: readonly Alternative[]): Alternative | undefined {
  const bySize = alternatives.toSorted((a, b) => (a.byteLength ?? 0) - (b.byteLength ?? 0))
  for (const pattern of FAVOURITES) {
    const found = bySize.find(({ name }) => pattern.test(name))
    if (found) return found
  }
  return bySize[0]
}

const firstPart = (file: string) => file.replace(/-\d{5}(-of-\d{5}\.gguf)$/i, '-00001$1')

/** The files of a GGUF model: one, or all its parts. */
export function ggufParts(file: string): string[] {
  const [, before, count, ending] = /^(.*)-\d{5}-of-(\d{5})(\.gguf)$/i.exec(file) ?? []
  if (before === undefined) return [file]
  return Array.from(
    { length: Number(count) },
    (_, i) => `${before}-${`${i + 1}`.padStart(5, '0')}-of-${count}${ending}`,
  )
}

function wholeBytes(file: FileInfo, files: readonly FileInfo[]): number | undefined {
  const parts = ggufParts(file.name).map((name) => files.find((each) => each.name === name)?.byteLength)
  return parts.reduce(
    (sum: number | undefined, bytes) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  )
}

/**
 * What is known of the files that hold the weights, the index of shards among them; less those that are missing.
 * @throws HeadlightError `network`, `bad-file`; the signal's reason
 */
export async function weightFiles(
  place: Pick<Place, 'stat' | 'json'>,
  { format, file }: Choice,
  signal?: AbortSignal,
): Promise<FileInfo[]> {
  const stat = async (names: readonly string[]) => {
    const found = await Promise.all(names.map((name) => place.stat(name, signal)))
    return found.filter((each) => each !== undefined)
  }
  if (format === 'gguf') return stat(ggufParts(file!))
  const single = await stat([file ?? SINGLE])
  const index = single.length > 0 ? undefined : await place.json(INDEX, signal)
  return index === undefined ? single : stat([INDEX, ...shardsOf(index)])
}

/**
 * The same, as a name for what is in them: name and version of each (no length: a browser that remembers an answer may
 * forget it). Undefined where nobody knows whether they are still the same: only hosts that say versions do.
 * @throws the signal's reason
 */
export async function versionedFiles(
  place: Pick<Place, 'stat' | 'json'>,
  choice: Choice,
  signal?: AbortSignal,
): Promise<readonly unknown[] | undefined> {
  const files = await weightFiles(place, choice, signal).catch((): FileInfo[] => []) // who needs them says what is wrong
  signal?.throwIfAborted()
  if (files.length === 0 || files.some(({ version }) => version === undefined)) return undefined
  return files.map(({ name, version }) => [name, version])
}

function shardsOf(index: unknown): string[] {
  const { weight_map } = index as { weight_map?: Record<string, string> }
  return [...new Set(Object.values(weight_map ?? {}))].sort()
}

function addressOf(source: Source, path: string): string | undefined {
  if (source.kind !== 'hub') return undefined
  const [, folder = '', file = ''] = /^(.*\/)?([^/]+)$/.exec(path) ?? []
  return sourceText({ ...source, folder: source.folder + folder, file })
}

function refuse(source: Source, what: string, file: string): HeadlightError {
  const message = `${sourceName(source)} has ${what}; Headlight reads safetensors and GGUF. Look for a copy in one of these.`
  return new HeadlightError('unsupported', message, { what: file, found: what, expected: 'safetensors, GGUF' })
}
