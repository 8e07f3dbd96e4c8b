/** What loading a model would fetch and take: its config and the headers of its weights are read, and no weight. */
import { type Choice, chooseWeights, ggufParts } from '../checkpoint/choose.ts'
import type { Folder } from '../checkpoint/folder.ts'
import type { Place } from '../checkpoint/place.ts'
import type { FileInfo } from '../checkpoint/remote.ts'
import { sourceName, sourceText } from '../checkpoint/source.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { openContents } from './contents.ts'
import { fitsGpu, fitsStorage } from './estimate.ts'
import { match } from './load.ts'
import type { Examination, ExamineOptions, ModelFile } from './types.ts'

const CONFIGS = ['config.json', 'generation_config.json', 'tokenizer_config.json', 'chat_template.jinja']
/** In place of tokenizer.json, where there is none. */
const OLD_TOKENIZER = ['vocab.json', 'merges.txt', 'special_tokens_map.json', 'added_tokens.json']
const INDEX = 'model.safetensors.index.json'

/**
 * @throws HeadlightError `unsupported`, `missing-file`, `bad-file`, `bad-weights`, `network`, `no-access`; the signal's
 *   reason
 */
export async function examine(gpu: Gpu, place: Place, options: ExamineOptions = {}): Promise<Examination> {
  const { signal, weights: precision = 'auto', kv = 'auto' } = options
  const choice = chooseWeights(place.source, await place.list(signal))
  const { file, format } = choice
  const contents = await openContents(withoutTokenizer(place), format === 'gguf' ? file : undefined, {
    ...(signal && { signal }),
    single: file,
  })
  const { checkpoint, requests, spec } = contents
  try {
    const wanted = match(requests, checkpoint, precision)
    // Of shards, the first one's header speaks for all.
    if (checkpoint.entries.size === 0) for await (const _ of checkpoint.tensors(new Set(wanted.keys()))) break
    match(requests, checkpoint, precision)

    const files = await filesOf(place, choice, signal)
    const known = files.filter((each) => each.byteLength !== undefined)
    const cached = await Promise.all(known.map((each) => place.storedBytes(each)))
    const byteLength = sum(known.map((each) => each.byteLength!))
    const cachedBytes = sum(cached)
    const { gpu: bytes, verdict } = fitsGpu(gpu.partBytes, contents, precision, kv)
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
      types: [...new Set([...checkpoint.entries.values()].map(({ type }) => type))],
      gpu: bytes,
      fits: { gpu: verdict, storage: await fitsStorage(byteLength - cachedBytes) },
      alternatives: choice.alternatives,
    }
  } finally {
    await checkpoint.close()
  }
}

/** A look at a place: tokenizers are large, and say nothing here. */
function withoutTokenizer(place: Place): Folder {
  const { look } = place
  return {
    locate: look.locate,
    json: look.json,
    open: look.open,
    text: async () => undefined,
  }
}

async function filesOf(place: Place, { format, file }: Choice, signal: AbortSignal | undefined): Promise<FileInfo[]> {
  const stat = async (names: readonly string[]) => {
    const found = await Promise.all(names.map((name) => place.stat(name, signal)))
    return found.filter((each) => each !== undefined)
  }
  if (format === 'gguf') return stat(ggufParts(file!))
  const single = await stat([file ?? 'model.safetensors'])
  const index = single.length > 0 ? undefined : await place.json(INDEX, signal)
  const shards = index === undefined ? [] : [INDEX, ...shardsOf(index)]
  const tokenizer = await stat(['tokenizer.json'])
  const others = tokenizer.length > 0 ? CONFIGS : [...CONFIGS, ...OLD_TOKENIZER]
  return [...(await stat(others)), ...tokenizer, ...single, ...(await stat(shards))]
}

function shardsOf(index: unknown): string[] {
  const { weight_map } = index as { weight_map?: Record<string, string> }
  return [...new Set(Object.values(weight_map ?? {}))].sort()
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
