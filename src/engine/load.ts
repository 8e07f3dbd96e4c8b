/**
 * Loading: config, then weights and pipelines side by side. What the config asks for is checked before any
 * weight is read; what the file holds is checked before it takes memory.
 */
import type { WeightLayout } from '../../shaders/kernel.ts'
import type { ModelChat } from '../chat/chat.ts'
import { type Folder, missingFile, openFolder } from '../checkpoint/folder.ts'
import { type Checkpoint, openCheckpoint, type TensorEntry } from '../checkpoint/safetensors.ts'
import { compile, Decoder, formsOf, operations } from '../decoder/decoder.ts'
import type { Slot } from '../decoder/op.ts'
import { slotOf, Weights } from '../decoder/weights.ts'
import { HeadlightError } from '../errors.ts'
import { type GenerationDefaults, generationDefaults } from '../families/generation.ts'
import { familyOf, tensorsOf } from '../families/index.ts'
import type { TensorRequest } from '../families/spec.ts'
import { compileSampler } from '../generation/sampler.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { parseTokenizer, readTokenizerFiles, type TokenizerFiles } from '../tokenizer/index.ts'
import { chatOf, turnEndsOf } from './chat.ts'
import { reporter } from './progress.ts'
import type { LoadOptions, ModelInfo, Tokenizer, WeightPrecision } from './types.ts'

/**
 * Loads the model of a folder in Hugging Face layout onto the GPU.
 * @throws HeadlightError, or the signal's reason
 */
export async function load(gpu: Gpu, source: string | URL, options: LoadOptions = {}): Promise<Loaded> {
  const { signal, onProgress, weights: precision = 'auto', kv = 'auto' } = options
  const folder = openFolder(source)
  const tokenizing = readTokenizer(folder, signal)
  tokenizing.catch(() => undefined) // awaited below, unless something fails earlier
  const [config, generation] = await Promise.all([
    folder.json('config.json', signal),
    folder.json('generation_config.json', signal),
  ])
  if (config === undefined) throw missingFile(folder, 'config.json')
  const { family, spec } = familyOf(config)
  const defaults = generationDefaults(generation, config)
  const requests = tensorsOf(family, spec, config)
  const forms = formsOf(spec, kv === 'auto' ? 'f16' : kv, 'fused')

  const report = reporter(onProgress)
  const checkpoint = await openCheckpoint(folder, {
    ...(signal && { signal }),
    onBytes: (count) => report.download(count),
  })
  const weights = new Weights(gpu, requests, precision)
  try {
    const wanted = match(requests, checkpoint)
    report.begin(checkpoint.byteLength)
    const compiling = Promise.all([
      compile(gpu, operations(forms.one), foretell(requests, checkpoint, precision), report.pipelines),
      compileSampler(gpu, spec.vocab),
    ])
    compiling.catch(() => undefined)
    const decoder = await withinMemory(gpu, async () => {
      for await (const { entry, chunks } of checkpoint.tensors(new Set(wanted.keys()))) {
        const request = wanted.get(entry.name)!
        refuseOtherShape(entry, request)
        await weights.add(request, entry, chunks(), report.weights)
      }
      weights.finish()
      return new Decoder(gpu, spec, weights, forms)
    })
    await compiling
    const texts = await tokenizing
    signal?.throwIfAborted()
    report.finish()
    // Needed for long prompts only, and slow to compile: behind everything else. Who binds it sees a failure.
    compile(gpu, operations(forms.many), weights.layoutOf, () => undefined).catch(() => undefined)
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

async function readTokenizer(folder: Folder, signal: AbortSignal | undefined): Promise<Texts> {
  const tokenizerFiles = await readTokenizerFiles(folder, signal)
  const chat = await chatOf(tokenizerFiles)
  return { chat, ...(tokenizerFiles && { tokenizer: await parseTokenizer(tokenizerFiles), tokenizerFiles }) }
}

/** The name in the file of each tensor that is needed. @throws HeadlightError `bad-weights` */
function match(requests: readonly TensorRequest[], checkpoint: Checkpoint): Map<string, TensorRequest> {
  const wanted = new Map<string, TensorRequest>()
  for (const request of requests) {
    const name = request.names.find((alternative) => checkpoint.names.has(alternative))
    if (name === undefined) {
      const [what] = request.names as [string]
      const message = `the weights have no tensor ${request.names.join(' or ')}, which config.json asks for`
      throw new HeadlightError('bad-weights', message, { what, expected: what })
    }
    wanted.set(name, request)
    const entry = checkpoint.entries.get(name)
    if (entry) refuseOtherShape(entry, request)
  }
  return wanted
}

function refuseOtherShape({ name, shape }: TensorEntry, request: TensorRequest): void {
  if (shape.length === request.shape.length && shape.every((size, axis) => size === request.shape[axis])) return
  const [found, expected] = [shape, request.shape].map((sizes) => `[${sizes.join(', ')}]`) as [string, string]
  throw new HeadlightError('bad-weights', `${name}: got shape ${found}, expected ${expected} from config.json`, {
    what: name,
    found,
    expected,
  })
}

/**
 * How weights will lie, before they are there, so that pipelines can compile meanwhile. Where a header is not read yet
 * (a later shard), as the first tensor known; a wrong guess costs compiling time only.
 */
function foretell(requests: readonly TensorRequest[], checkpoint: Checkpoint, precision: WeightPrecision) {
  const types = new Map<Slot, string>()
  for (const request of requests) {
    const entry = request.names.map((name) => checkpoint.entries.get(name)).find((found) => found !== undefined)
    if (entry && !types.has(slotOf(request))) types.set(slotOf(request), entry.type)
  }
  const [any = 'F32'] = types.values()
  return (slot: Slot): WeightLayout => Weights.layoutFor(types.get(slot) ?? any, precision) ?? 'f32'
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
    dispatchesPerToken: operations(forms.one).length + 1, // and the sampler's
    endOfText: [...new Set([...defaults.endOfText, ...(tokenizer ? turnEndsOf(chat, tokenizer) : [])])],
    defaults: defaults.sampling,
    hasTokenizer: tokenizer !== undefined,
    hasChatTemplate: chat.hasTemplate,
  }
}
