/** The engine in this thread. A worker runs one, too. */
import { openPlace } from '../checkpoint/place.ts'
import { parseSource, type Source } from '../checkpoint/source.ts'
import { type Gpu, openGpu } from '../gpu/gpu.ts'
import type { TokenizerFiles } from '../tokenizer/index.ts'
import { examine } from './examine.ts'
import { load } from './load.ts'
import { LocalModel } from './model.ts'
import { reporter } from './progress.ts'
import { askToPersist, modelStorage } from './storage.ts'
import type {
  DeviceInfo,
  Engine,
  Examination,
  ExamineOptions,
  HubOptions,
  LoadOptions,
  ModelSource,
  ModelStorage,
} from './types.ts'

export interface LocalOptions extends HubOptions {
  /** Asks for lasting storage; a worker has its page ask. */
  readonly persist?: () => Promise<boolean>
}

/** Drivers that run shaders on the CPU, as their adapters name themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|warp|software/i

export class LocalEngine implements Engine {
  readonly device: DeviceInfo
  readonly storage: ModelStorage
  readonly #gpu: Gpu
  readonly #options: LocalOptions
  readonly #models = new Set<LocalModel>()

  /** @param gpu where WebGPU is not `navigator.gpu`: Dawn's, in Node */
  static async open(options?: LocalOptions, gpu?: GPU): Promise<LocalEngine> {
    return new LocalEngine(await openGpu(gpu), options)
  }

  constructor(gpu: Gpu, options: LocalOptions = {}) {
    this.#gpu = gpu
    this.#options = options
    this.device = describeDevice(gpu)
    this.storage = modelStorage(options.hub)
  }

  get lost() {
    return this.#gpu.lost
  }

  async load(source: ModelSource, options: LoadOptions = {}): Promise<LocalModel> {
    return (await this.loadWithFiles(this.#parse(source, options), options)).model
  }

  async examine(source: ModelSource, options: ExamineOptions = {}): Promise<Examination> {
    return this.examineSource(this.#parse(source, options), options)
  }

  /** For a worker, whose page knows what a source means. */
  async examineSource(source: Source, options: ExamineOptions): Promise<Examination> {
    return examine(this.#gpu, await openPlace(source, { ...this.#options, ...options }), options)
  }

  /** For a worker, whose page parses the tokenizer's files once more. */
  async loadWithFiles(
    source: Source,
    options: LoadOptions,
  ): Promise<{ model: LocalModel; tokenizerFiles: TokenizerFiles | undefined }> {
    const report = reporter(options.onProgress)
    const { persist = askToPersist, ...hub } = this.#options
    const place = await openPlace(source, { ...hub, ...options, persist, onNotStored: report.notice })
    const { tokenizerFiles, ...loaded } = await load(this.#gpu, place, report, options)
    const model: LocalModel = new LocalModel(loaded, () => this.#models.delete(model))
    this.#models.add(model)
    return { model, tokenizerFiles }
  }

  #parse(source: ModelSource, { hub = this.#options.hub }: HubOptions): Source {
    return parseSource(source, { hub })
  }

  destroy(): void {
    for (const model of this.#models) model.destroy()
    this.#gpu.destroy()
  }
}

function describeDevice({ device, info, variants }: Gpu): DeviceInfo {
  const { vendor, architecture, description } = info
  const words = [vendor, architecture, description].join(' ')
  const name = /swiftshader/i.test(words)
    ? 'SwiftShader'
    : description || [vendor, architecture].filter(Boolean).join(' ') || 'GPU'
  const features = [
    ...(variants.lanes === 'subgroup' ? ['subgroups'] : []),
    ...(device.features.has('timestamp-query') ? ['timestamp-query'] : []),
  ]
  return { name, software: info.isFallbackAdapter || SOFTWARE.test(words), features }
}
