/** What loading a model would fetch and take: its config and the headers of its weights are read, and no weight. */
import { type Choice, chooseWeights, weightFiles } from '../checkpoint/choose.ts'
import type { Place } from '../checkpoint/place.ts'
import type { FileInfo } from '../checkpoint/remote.ts'
import { sourceName, sourceText } from '../checkpoint/source.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { openContents } from './contents.ts'
import { fitsGpu, fitsStorage } from './estimate.ts'
import { openPacked, packingOf } from './packed.ts'
import type { Examination, ExamineOptions, ModelFile } from './types.ts'
import { openCheckpointSource } from './weight-source.ts'

const CONFIGS = ['config.json', 'generation_config.json', 'tokenizer_config.json', 'chat_template.jinja']
/** In place of tokenizer.json, where there is none. */
const OLD_TOKENIZER = ['vocab.json', 'merges.txt', 'special_tokens_map.json', 'added_tokens.json']

/**
 * @throws HeadlightError `unsupported`, `missing-file`, `bad-file`, `bad-weights`, `network`, `no-access`; the signal's
 *   reason
 */
export async function examine(gpu: Gpu, place: Place, options: ExamineOptions = {}): Promise<Examination> {
  const { signal, weights: precision = 'auto', kv = 'auto' } = options
  const choice = chooseWeights(place.source, await place.list(signal))
  const { file, format } = choice
  const contents = await openContents(place, format === 'gguf' ? file : undefined, {
    ...(signal && { signal }),
    single: file,
  })
  const { requests, spec } = contents
  const packing = await packingOf(place, choice, precision, signal)
  const packed = packing && (await openPacked(packing, requests, gpu.partBytes))
  const { tensors } = packed ?? (await openCheckpointSource(gpu, contents, precision))
  const weights = packed ? [packed.file] : await weightFiles(place, choice, signal)
  const files = [...(await otherFiles(place, choice, signal)), ...weights]
  const known = files.filter((each) => each.byteLength !== undefined)
  const cached = await Promise.all(known.map((each) => place.storedBytes(each)))
  const byteLength = sum(known.map((each) => each.byteLength!))
  const cachedBytes = sum(cached)
  const { gpu: bytes, verdict } = fitsGpu(gpu.partBytes, spec, tensors, precision, kv)
  const { source } = place
  return {
    source: sourceText(source),
    name: sourceName(source),
    revision: source.kind === 'hub' ? source.revision : undefined,
    format,
    files: files.map(({ name, byteLength, sha256 }): ModelFile => ({ name, byteLength, sha256 })),
    byteLength,
    cachedBytes,
    family: spec.family,
    parameters: sum(requests.map(({ shape }) => shape.reduce((product, size) => product * size, 1))),
    context: spec.context,
    types: [...new Set(tensors.map(({ entry }) => entry.type))],
    gpu: bytes,
    fits: { gpu: verdict, storage: await fitsStorage(byteLength - cachedBytes) },
    alternatives: choice.alternatives,
  }
}

/** What a folder has besides weights. */
async function otherFiles(place: Place, { format }: Choice, signal: AbortSignal | undefined): Promise<FileInfo[]> {
  if (format === 'gguf') return []
  const stat = async (names: readonly string[]) => {
    const found = await Promise.all(names.map((name) => place.stat(name, signal)))
    return found.filter((each) => each !== undefined)
  }
  const tokenizer = await stat(['tokenizer.json'])
  const others = tokenizer.length > 0 ? CONFIGS : [...CONFIGS, ...OLD_TOKENIZER]
  return [...(await stat(others)), ...tokenizer]
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
