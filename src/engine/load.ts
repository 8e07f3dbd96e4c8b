/**
 * Loading: config and headers, then weights and pipelines side by side. What the config asks for, and what the files
 * hold, is checked before any weight is fetched, and the memory for all of it is taken.
 */
import type { ModelChat } from '../chat/chat.ts'
import { chooseWeights, versionedFiles } from '../checkpoint/choose.ts'
import type { Place } from '../checkpoint/place.ts'
import { compile, Decoder, type Forms, formsOf, operations } from '../decoder/decoder.ts'
import { dispatchCount } from '../decoder/op.ts'
import { Weights } from '../decoder/weights.ts'
import { HeadlightError } from '../errors.ts'
import type { GenerationDefaults } from '../families/generation.ts'
import type { DecoderSpec, TensorRequest } from '../families/spec.ts'
import { compileSampler } from '../generation/sampler.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { type ModelTokenizer, parseTokenizer, type TokenizerFiles } from '../tokenizer/index.ts'
import { chatOf, turnEndsOf } from './chat.ts'
import { openContents } from './contents.ts'
import { type PackOptions, pack } from './pack.ts'
import { DamagedCopy, openPacked, packingOf } from './packed.ts'
import type { Reporter } from './progress.ts'
import type { TextPlace } from './saved-text.ts'
import type { LoadOptions, ModelInfo, WeightPrecision } from './types.ts'
import { openCheckpointSource, type WeightSource } from './weight-source.ts'

/**
 * Loads the model of a folder in Hugging Face layout, or of a GGUF file, onto the GPU.
 * @throws HeadlightError, or the signal's reason
 */
export async function load(gpu: Gpu, place: Place, report: Reporter, options: LoadOptions = {}): Promise<Loaded> {
  try {
    return await assemble(gpu, place, report, options)
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason
    throw error instanceof HeadlightError ? error : await gpu.explain(error)
  }
}

const BYTE_PRODUCTS = 'packed_4x8_integer_dot_product'

function requireByteProducts(): void {
  const known = globalThis.navigator?.gpu?.wgslLanguageFeatures // elsewhere, the compiler will say
  if (!known || known.has(BYTE_PRODUCTS)) return
  const message = `this browser's WGSL multiplies no packed bytes (${BYTE_PRODUCTS}): load without arithmetic 'int8'`
  throw new HeadlightError('unsupported', message, { what: BYTE_PRODUCTS })
}

async function assemble(gpu: Gpu, place: Place, report: Reporter, options: LoadOptions): Promise<Loaded> {
  const { signal, weights: precision = 'auto', kv = 'auto', arithmetic = 'auto' } = options
  if (arithmetic === 'int8') requireByteProducts()
  const choice = chooseWeights(place.source, await place.list(signal))
  const commit = place.commit?.(signal).catch(() => undefined) // beside the weights, which need not wait for it
  const contents = await openContents(place, choice.format === 'gguf' ? choice.file : undefined, {
    ...(signal && { signal }),
    single: choice.file,
    onBytes: report.download,
  })
  const { spec, requests, defaults } = contents
  const forms = formsOf(gpu, spec, { cache: kv === 'auto' ? 'f16' : kv, arithmetic, attention: 'fused' })
  const packing = await packingOf(place, choice, precision, signal)
  const packed = packing && (await openPacked(packing, requests, gpu.partBytes, signal))
  const fromCheckpoint = () => openCheckpointSource(gpu, contents, precision)
  const source = packed ?? (await fromCheckpoint())
  const versions = place.texts && versionedFiles(place, choice, signal).catch(() => undefined)
  const tokenizing = contents.tokenizerFiles().then(withTokenizer)
  tokenizing.catch(() => undefined) // awaited below, unless something fails earlier
  const fill = (from: WeightSource) => fillWeights(gpu, from, spec, forms, precision, report)
  const { weights, numbers, compiling, filledFrom } = await fill(source).catch(async (error: unknown) => {
    if (error instanceof DamagedCopy) return fill(await fromCheckpoint())
    throw error
  })
  const packs = packing && filledFrom.isOriginal ? packing : undefined
  let decoder: Decoder | undefined
  try {
    decoder = await withinMemory(gpu, () => new Decoder(gpu, contents.complete(numbers), weights, forms))
    await compiling
    const texts = await tokenizing
    signal?.throwIfAborted()
    await place.finish()
    report.finish()
    return {
      decoder,
      info: { ...describe(decoder, requests, defaults, texts), revision: await commit },
      ...texts,
      ...(place.texts && {
        texts: { store: place.texts, files: versions!.then((known) => known && JSON.stringify([precision, known])) },
      }),
      ...(packs && { pack: (options) => pack(gpu, weights, filledFrom.tensors, packs, options) }),
    }
  } catch (error) {
    ;(decoder ?? weights).destroy()
    throw error
  }
}

/** Takes the memory, and compiles what one token needs, while weights arrive. */
async function fillWeights(
  gpu: Gpu,
  source: WeightSource,
  spec: DecoderSpec,
  forms: Forms,
  precision: WeightPrecision,
  report: Reporter,
) {
  report.begin(source.byteLength)
  const weights = await withinMemory(gpu, () => new Weights(gpu, source.tensors, precision))
  const compiling = Promise.all([
    compileSampler(gpu, spec.vocab), // takes longest
    compile(gpu, operations(forms.one), weights.partsOf, report.pipelines),
  ])
  compiling.catch(() => undefined) // whoever awaits it sees a failure
  try {
    return { weights, numbers: await source.fill(weights, report), compiling, filledFrom: source }
  } catch (error) {
    weights.destroy()
    throw error
  }
}

/** Makes what owns GPU memory, and refuses what is more than there is. */
async function withinMemory<T extends { destroy(): void }>({ device }: Gpu, make: () => T): Promise<T> {
  device.pushErrorScope('out-of-memory')
  let made: T | undefined
  let exhausted: GPUError | null = null
  try {
    made = make()
  } finally {
    exhausted = await device.popErrorScope()
  }
  if (!exhausted) return made
  made.destroy()
  const message = `the model does not fit in GPU memory: ${exhausted.message}`
  throw new HeadlightError('too-large', message, { what: 'model', reason: exhausted.message })
}

export interface Loaded extends Texts {
  readonly decoder: Decoder
  readonly info: ModelInfo
  /** Absent where nothing is kept. */
  readonly texts?: TextPlace
  /** Stores weights as they are now, for the next load; present where they were rounded on the way, and can be stored. */
  readonly pack?: (options: PackOptions) => Promise<void>
}

interface Texts {
  readonly chat: ModelChat
  /** Absent where the folder has none. */
  readonly tokenizer?: ModelTokenizer
  readonly tokenizerFiles?: TokenizerFiles
}

async function withTokenizer(tokenizerFiles: TokenizerFiles | undefined): Promise<Texts> {
  const chat = await chatOf(tokenizerFiles)
  return { chat, ...(tokenizerFiles && { tokenizer: await parseTokenizer(tokenizerFiles), tokenizerFiles }) }
}

function describe(
  decoder: Decoder,
  requests: readonly TensorRequest[],
  defaults: GenerationDefaults,
  { chat, tokenizer }: Texts,
): Omit<ModelInfo, 'revision'> {
  const { spec, weights, forms } = decoder
  const { heads, kvHeads, headDim } = spec.attention
  return {
    family: spec.family,
    parameters: requests.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0),
    layers: spec.layers.length,
    heads,
    kvHeads,
    headDim,
    windows: spec.layers.map(({ window }) => window),
    width: spec.width,
    vocab: spec.vocab,
    context: spec.context,
    weightBytes: weights.byteLength,
    weights: weights.layouts,
    kv: forms.cache,
    arithmetic: forms.arithmetic,
    kvBytesPerToken: decoder.cacheBytesPerToken,
    dispatchesPerToken: dispatchCount(operations(forms.one), weights.partsOf) + 1, // and the sampler's
    endOfText: [...new Set([...defaults.endOfText, ...(tokenizer ? turnEndsOf(chat, tokenizer) : [])])],
    defaults: defaults.sampling,
    hasTokenizer: tokenizer !== undefined,
    hasChatTemplate: chat.hasTemplate,
  }
}
