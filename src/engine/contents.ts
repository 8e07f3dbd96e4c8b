/** What a model's files hold, in one shape: a folder in Hugging Face layout, or a GGUF file. */
import { type Folder, missingFile } from '../checkpoint/folder.ts'
import { openGguf } from '../checkpoint/gguf.ts'
import { type Checkpoint, type CheckpointOptions, openCheckpoint } from '../checkpoint/safetensors.ts'
import { HeadlightError } from '../errors.ts'
import { type GenerationDefaults, generationDefaults } from '../families/generation.ts'
import { ggufModel } from '../families/gguf.ts'
import { ggufGeneration } from '../families/gguf-generation.ts'
import { FACTOR_TENSORS, withFactors } from '../families/gguf-rope.ts'
import { familyOf, tensorsOf } from '../families/index.ts'
import type { Quantisation } from '../families/quantisation.ts'
import type { DecoderSpec, TensorRequest } from '../families/spec.ts'
import { ggufTokenizerFiles } from '../tokenizer/gguf.ts'
import { readTokenizerFiles, type TokenizerFiles } from '../tokenizer/index.ts'

export interface Contents {
  readonly spec: DecoderSpec
  readonly requests: readonly TensorRequest[]
  readonly quantisation: Quantisation
  readonly defaults: GenerationDefaults
  /** To be called once. Undefined where there are none. @throws HeadlightError, or the signal's reason */
  readonly tokenizerFiles: () => Promise<TokenizerFiles | undefined>
  /** Looks at the headers of the weights. @throws HeadlightError, or the signal's reason */
  readonly checkpoint: () => Promise<Checkpoint>
  /** Small F32 tensors whose numbers belong into the spec. */
  readonly specTensors: readonly string[]
  /** The spec with their numbers. It differs from `spec` in numbers only, not in what is computed. */
  complete(numbers: ReadonlyMap<string, Float32Array>): DecoderSpec
}

/**
 * Reads all but the weights.
 * @param file a GGUF file of the folder; undefined: the folder is in Hugging Face layout
 * @throws HeadlightError, or the signal's reason
 */
export function openContents(
  folder: Folder,
  file: string | undefined,
  options: CheckpointOptions = {},
): Promise<Contents> {
  return file === undefined ? folderContents(folder, options) : ggufContents(folder, file, options)
}

async function folderContents(folder: Folder, options: CheckpointOptions): Promise<Contents> {
  const { signal } = options
  const generation = folder.json('generation_config.json', signal)
  generation.catch(() => undefined) // awaited below: of two that fail, the reader hears of the one that matters
  const config = await folder.json('config.json', signal)
  if (config === undefined) throw missingFile(folder, 'config.json')
  const { family, spec, quantisation } = familyOf(config)
  const defaults = generationDefaults(await generation, config)
  const requests = tensorsOf(family, spec, config)
  return {
    spec,
    requests,
    quantisation,
    defaults,
    tokenizerFiles: () => readTokenizerFiles(folder, signal),
    checkpoint: () => openCheckpoint(folder, options),
    specTensors: [],
    complete: () => spec,
  }
}

async function ggufContents(folder: Folder, file: string, options: CheckpointOptions): Promise<Contents> {
  const checkpoint = await openGguf(folder, file, options)
  const { metadata, entries } = checkpoint
  const shapes = new Map([...entries].map(([name, { shape }]) => [name, shape]))
  const { spec, requests } = ggufModel(metadata, shapes)
  return {
    spec,
    requests,
    quantisation: 'none',
    defaults: generationDefaults(ggufGeneration(metadata), {}),
    tokenizerFiles: async () => ggufTokenizerFiles(metadata),
    checkpoint: async () => checkpoint,
    specTensors: FACTOR_TENSORS.filter((name) => entries.has(name)),
    complete: (numbers) => withFactors(spec, numbers, metadata),
  }
}

const MOST_NUMBERS = 1 << 16 // far above the pairs of any head

/** The numbers of a small tensor. @throws HeadlightError `bad-weights` where it is not small or not F32 */
export async function readNumbers(
  { name, type, byteLength }: { name: string; type: string; byteLength: number },
  chunks: AsyncIterable<Uint8Array>,
): Promise<Float32Array> {
  if (type !== 'F32' || byteLength > 4 * MOST_NUMBERS) {
    const found = `${type} of ${byteLength} bytes`
    const message = `${name} is ${found}, expected F32 of ${4 * MOST_NUMBERS} bytes at most`
    throw new HeadlightError('bad-weights', message, { what: name, found, expected: 'F32' })
  }
  const bytes = new Uint8Array(byteLength)
  let filled = 0
  for await (const chunk of chunks) {
    bytes.set(chunk, filled)
    filled += chunk.length
  }
  return new Float32Array(bytes.buffer)
}
