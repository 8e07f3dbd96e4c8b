/** The engine in this thread. A worker runs one, too. */
import { type Gpu, openGpu } from '../gpu/gpu.ts'
import type { TokenizerFiles } from '../tokenizer/index.ts'
import { load } from './load.ts'
import { LocalModel } from './model.ts'
import type { DeviceInfo, Engine, LoadOptions } from './types.ts'

/** Drivers that run shaders on the CPU, as their adapters name themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|warp|software/i

export class LocalEngine implements Engine {
  readonly device: DeviceInfo
  readonly #gpu: Gpu
  readonly #models = new Set<LocalModel>()

  /** @param gpu where WebGPU is not `navigator.gpu`: Dawn's, in Node */
  static async open(gpu?: GPU): Promise<LocalEngine> {
    return new LocalEngine(await openGpu(gpu))
  }

  constructor(gpu: Gpu) {
    this.#gpu = gpu
    this.device = describeDevice(gpu)
  }

  get lost() {
    return this.#gpu.lost
  }

  async load(source: string | URL, options?: LoadOptions): Promise<LocalModel> {
    return (await this.loadWithFiles(source, options)).model
  }

  /** For a worker, whose page parses the tokenizer's files once more. */
  async loadWithFiles(
    source: string | URL,
    options?: LoadOptions,
  ): Promise<{ model: LocalModel; tokenizerFiles: TokenizerFiles | undefined }> {
    const { tokenizerFiles, ...loaded } = await load(this.#gpu, source, options)
    const model: LocalModel = new LocalModel(loaded, () => this.#models.delete(model))
    this.#models.add(model)
    return { model, tokenizerFiles }
  }

  destroy(): void {
    for (const model of this.#models) model.destroy()
    this.#gpu.destroy()
  }
}

function describeDevice({ device, info }: Gpu): DeviceInfo {
  const { vendor, architecture, description } = info
  const words = [vendor, architecture, description].join(' ')
  const name = /swiftshader/i.test(words)
    ? 'SwiftShader'
    : description || [vendor, architecture].filter(Boolean).join(' ') || 'GPU'
  const features = (['subgroups', 'timestamp-query'] as const).filter((feature) => device.features.has(feature))
  return { name, software: info.isFallbackAdapter || SOFTWARE.test(words), features }
}
