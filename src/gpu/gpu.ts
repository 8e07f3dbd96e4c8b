/**
 * The device: one WebGPU device with its limits and features, the memory taken from it, and what becomes
 * of it. Everything on the GPU belongs to one `Gpu`.
 */
import type { Lanes } from '../../shaders/kernel.ts'
import { HeadlightError } from '../errors.ts'
import { find, findings, variantsOf } from './choose.ts'
import { latencyOf } from './latency.ts'
import { Pipelines } from './pipelines.ts'
import { lanesOf, MATRIX_FEATURE, type Variants, variantsToTry } from './variants.ts'

/** Features that make things faster where they exist; nothing needs them. */
const WELCOME: readonly GPUFeatureName[] = ['subgroups', 'shader-f16', MATRIX_FEATURE, 'timestamp-query']

export class Gpu {
  readonly device: GPUDevice
  readonly info: GPUAdapterInfo
  readonly variants: Variants
  readonly lanes: Lanes
  readonly pipelines: Pipelines
  /** A weight matrix that takes more bytes is kept in parts. */
  readonly partBytes: number
  /** Resolves when the device is lost, or when a command was wrong: a bug, but one that must not pass silently. */
  readonly lost: Promise<HeadlightError>
  #destroyed = false

  constructor(device: GPUDevice, info: GPUAdapterInfo, variants: Variants) {
    this.device = device
    this.info = info
    this.variants = variants
    this.lanes = lanesOf(variants, info)
    this.pipelines = new Pipelines(device, this.lanes)
    this.partBytes = bindable(device)
    this.lost = new Promise((resolve) => {
      void device.lost.then(({ message }) => {
        if (!this.#destroyed)
          resolve(new HeadlightError('device-lost', `the GPU was lost: ${message}`, { reason: message }))
      })
      device.addEventListener('uncapturederror', ({ error }) => {
        const code = error instanceof GPUOutOfMemoryError ? 'too-large' : 'device-lost'
        resolve(new HeadlightError(code, `the GPU refused a command: ${error.message}`, { reason: error.message }))
      })
    })
  }

  /** Milliseconds until finished work is heard of. Measured when it is first asked for: best while the GPU is idle. */
  get latency(): Promise<number> {
    return latencyOf(this.device)
  }

  /** A zeroed buffer that shaders may bind and copies may reach. */
  buffer(label: string, byteLength: number, usage = GPUBufferUsage.STORAGE): GPUBuffer {
    const size = Math.max(16, Math.ceil(byteLength / 16) * 16)
    const most = bindable(this.device)
    if (size > most) {
      throw new HeadlightError('too-large', `${label} takes ${size} bytes; this GPU binds at most ${most}`, {
        what: label,
        found: size,
        expected: most,
      })
    }
    return this.device.createBuffer({ label, size, usage: usage | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC })
  }

  /** Why a GPU promise was rejected: the loss of the device where that is the reason, else the error itself. */
  async explain(error: unknown): Promise<unknown> {
    if (this.#destroyed) return new HeadlightError('destroyed', 'the engine was destroyed while it was at work')
    // The rejection may come before the news of the loss.
    const aWhile = new Promise<undefined>((resolve) => setTimeout(resolve, 50))
    return (await Promise.race([this.lost, aWhile])) ?? error
  }

  destroy(): void {
    this.#destroyed = true
    this.device.destroy()
  }
}

/**
 * Opens the fastest GPU that this browser offers, with the largest limits it has.
 * @throws HeadlightError `no-webgpu`
 */
export async function openGpu(gpu: GPU | undefined = globalThis.navigator?.gpu): Promise<Gpu> {
  if (!gpu)
    throw new HeadlightError('no-webgpu', 'WebGPU is not available here: navigator.gpu is missing', {
      reason: 'navigator.gpu',
    })
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter)
    throw new HeadlightError('no-webgpu', 'WebGPU is there, but it found no GPU (no adapter)', { reason: 'adapter' })
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits
  const device = await adapter.requestDevice({
    label: 'headlight',
    requiredFeatures: WELCOME.filter((feature) => adapter.features.has(feature)),
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  })
  const tried = new Gpu(device, adapter.info, variantsToTry(device, adapter.info))
  const variants = await findings(tried, async () => {
    await tried.latency // what is measured is news of finished work, too
    return find(tried)
  })
  const opened = new Gpu(device, adapter.info, variantsOf(variants))
  void opened.latency // before anything else is asked of it
  return opened
}

/** Bytes of the largest buffer that a shader can have: a multiple of 32. */
function bindable({ limits }: GPUDevice): number {
  const most = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize)
  return most - (most % 32)
}
