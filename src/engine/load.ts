/**
 * Loading: config, then weights and pipelines side by side. What the config asks for is checked before any
 * weight is read; what the file holds is checked before it takes memory.
 */
import type { ModelChat } from '../chat/chat.ts'
import { chooseWeights } from '../checkpoint/choose.ts'
import type { Place } from '../checkpoint/place.ts'
import type { Checkpoint, TensorEntry } from '../checkpoint/safetensors.ts'
import { compile, Decoder, formsOf, operations } from '../decoder/decoder.ts'
import { dispatchCount } from '../decoder/op.ts'
import { layoutFor } from '../decoder/parts.ts'
import { Weights } from '../decoder/weights.ts'
import { HeadlightError } from '../errors.ts'
import type { GenerationDefaults } from '../families/generation.ts'
import type { TensorRequest } from '../families/spec.ts'
import { compileSampler } from '../generation/sampler.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { parseTokenizer, type TokenizerFiles } from '../tokenizer/index.ts'
import { chatOf, turnEndsOf } from './chat.ts'
import { openContents, readNumbers } from './contents.ts'
import type { Reporter } from './progress.ts'
import type { LoadOptions, ModelInfo, Tokenizer, WeightPrecision } from './types.ts'

/**
 * Loads the model of a folder in Hugging Face layout, or of a GGUF file, onto the GPU.
 * @throws HeadlightError, or the signal's reason
 */
export async function load(gpu: Gpu, place: Place, report: Reporter, options: LoadOptions = {}): Promise<Loaded> {
  const { signal, weights: precision = 'auto', kv = 'auto' } = options
  const { format, file } = chooseWeights(place.source, await place.list(signal))
  const contents = await openContents(place, format === 'gguf' ? file : undefined, {
    ...(signal && { signal }),
    single: file,
    onBytes: report.download,
  })
  const { spec, requests, defaults, checkpoint, specTensors } = contents
  const tokenizing = contents.tokenizerFiles.then(withTokenizer)
  tokenizing.catch(() => undefined) // awaited below, unless something fails earlier
  const forms = formsOf(spec, kv === 'auto' ? 'f16' : kv, 'fused')
  const entryOf = ({ names }: TensorRequest) =>
    names.map((name) => checkpoint.entries.get(name)).find((entry) => entry !== undefined)
  const weights = new Weights(gpu, requests, precision, entryOf)
  try {
    const wanted = match(requests, checkpoint, precision)
    report.begin(checkpoint.byteLength)
    const compiling = Promise.all([
      compile(gpu, operations(forms.one), weights.foretell, report.pipelines),
      compileSampler(gpu, spec.vocab),
    ])
    compiling.catch(() => undefined)
    const decoder = await withinMemory(gpu, async () => {
      const numbers = new Map<string, Float32Array>()
      for await (const { entry, chunks } of checkpoint.tensors(new Set([...wanted.keys(), ...specTensors]))) {
        const request = wanted.get(entry.name)
        if (!request) {
          numbers.set(entry.name, await readNumbers(entry, chunks()))
          continue
        }
        refuseOtherShape(entry, request)
        await weights.add(request, entry, chunks(), report.weights)
      }
      weights.finish()
      return new Decoder(gpu, contents.complete(numbers), weights, forms)
    })
    await compiling
    const texts = await tokenizing
    signal?.throwIfAborted()
    await place.finish()
    report.finish()
    // Needed for long prompts only, and slow to compile: behind everything else. Who binds it sees a failure.
    compile(gpu, operations(forms.many), weights.partsOf, () => undefined).catch(() => undefined)
    return { decoder, info: describe(decoder, requests, defaults, texts), ...texts }
  } catch (error) {
    weights.destroy()
    if (signal?.aborted) throw signal.reason
    throw error instanceof HeadlightError ? error : await gpu.explain(error)
  } finally {
    await checkpoint.close()
  }
}

/** Does `work`, and refuses what it took from a GPU memory that has no more. */
async function withinMemory<T>({ device }: Gpu, work: () => Promise<T>): Promise<T> {
  device.pushErrorScope('out-of-memory')
  const working = work()
  await working.catch(() => undefined) // thrown below, unless memory was the reason
  const exhausted = await device.popErrorScope()
  if (!exhausted) return working
  const message = `the model does not fit in GPU memory: ${exhausted.message}`
  throw new HeadlightError('too-large', message, { what: 'model', reason: exhausted.message })
}

export interface Loaded extends Texts {
  readonly decoder: Decoder
  readonly info: ModelInfo
}

interface Texts {
  readonly chat: ModelChat
  /** Absent where the folder has none. */
  readonly tokenizer?: Tokenizer
  readonly tokenizerFiles?: TokenizerFiles
}

async function withTokenizer(tokenizerFiles: TokenizerFiles | undefined): Promise<Texts> {
  const chat = await chatOf(tokenizerFiles)
  return { chat, ...(tokenizerFiles && { tokenizer: await parseTokenizer(tokenizerFiles), tokenizerFiles }) }
}

/** The name in the file of each tensor that is needed. @throws HeadlightError `bad-weights`, `unsupported` */
export function match(
  requests: readonly TensorRequest[],
  checkpoint: Checkpoint,
  precision: WeightPrecision,
): Map<string, TensorRequest> {
  const wanted = new Map<string, TensorRequest>()
  for (const request of requests) {
    const name = request.names.find((alternative) => checkpoint.names.has(alternative))
    if (name === undefined) {
      const [what] = request.names as [string]
      const message = `the weights have no tensor ${request.names.join(' or ')}, which the config asks for`
      throw new HeadlightError('bad-weights', message, { what, expected: what })
    }
    wanted.set(name, request)
    const entry = checkpoint.entries.get(name)
    if (entry) {
      refuseOtherShape(entry, request)
      layoutFor(request, entry, precision) // refuses what cannot be read, before it is downloaded
    }
  }
  return wanted
}

function refuseOtherShape({ name, shape }: TensorEntry, request: TensorRequest): void {
  if (shape.length === request.shape.length && shape.every((size, axis) => size === request.shape[axis])) return
  const [found, expected] = [shape, request.shape].map((sizes) => `[${sizes.join(', ')}]`) as [string, string]
  throw new HeadlightError('bad-weights', `${name}: got shape ${found}, expected ${expected} from the config`, {
    what: name,
    found,
    expected,
  })
}

function describe(
  decoder: Decoder,
  requests: readonly TensorRequest[],
  defaults: GenerationDefaults,
  { chat, tokenizer }: Texts,
): ModelInfo {
  const { spec, weights, forms } = decoder
  const { heads, kvHeads, headDim } = spec.attention
  return {
    family: spec.family,
    parameters: requests.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0),
    layers: spec.layers.length,
    heads,
    kvHeads,
    headDim,
    width: spec.width,
    vocab: spec.vocab,
    context: spec.context,
    weightBytes: weights.byteLength,
    weights: weights.layouts,
    kv: forms.cache,
    kvBytesPerToken: decoder.cacheBytesPerToken,
    dispatchesPerToken: dispatchCount(operations(forms.one), weights.partsOf) + 1, // and the sampler's
    endOfText: [...new Set([...defaults.endOfText, ...(tokenizer ? turnEndsOf(chat, tokenizer) : [])])],
    defaults: defaults.sampling,
    hasTokenizer: tokenizer !== undefined,
    hasChatTemplate: chat.hasTemplate,
  }
}
