/**
 * Kernels compiled for a shape. Each distinct (kernel, constants, weight part) is compiled once per
 * device, asynchronously, however often it is asked for.
 */
import type { Arithmetic, Bindings, Kernel, Lanes, WeightLayout, WeightPart } from '../../shaders/kernel.ts'
import { laneSums } from '../../shaders/lanes/index.ts'
import { matrixSizes } from '../../shaders/matrices/index.ts'
import { productsOf } from '../../shaders/products/index.ts'
import { layoutConstants } from '../../shaders/weights/formats.ts'
import { accessors } from '../../shaders/weights/index.ts'
import { calmly } from './calm.ts'

/**
 * The kernel's file, and behind it how lanes add up, how threads share and how weights are read, where it needs these. It
 * comes first since Firefox 153 crashes where the size of an array needs an override that is declared further down.
 */
export function sourceOf(
  kernel: Kernel<Bindings, never>,
  lanes: Lanes,
  layout?: WeightLayout,
  arithmetic: Arithmetic = 'f32',
): string {
  const parts = [kernel.code]
  if (kernel.lanes) parts.push(laneSums[lanes.sum])
  if (kernel.tiles) parts.push(tilesOf(kernel.tiles))
  if (layout) parts.push(accessors[layout])
  if (layout && kernel.products) parts.push(productsOf(layout, lanes, arithmetic))
  const directives = parts.flatMap((part) => part.match(DIRECTIVE) ?? []) // WGSL wants these before all else
  return [...directives, ...parts.map((part) => part.replaceAll(DIRECTIVE, ''))].join('\n')

  function tilesOf(tiles: NonNullable<typeof kernel.tiles>): string {
    const { halves = 'none' } = lanes
    if (!kernel.halves || arithmetic !== 'f16' || layout === 'f32' || halves === 'none') return tiles[lanes.tiles]
    return halves === 'threads' ? kernel.halves.threads : kernel.halves.matrices + matrixSizes[halves].code
  }
}

const DIRECTIVE = /^(?:enable|diagnostic)\b.*;$/gm

const partConstants = (part: WeightPart) => ({ ...layoutConstants(part), START: part.start, ROWS: part.rows })

const BINDING_TYPES = {
  read: 'read-only-storage',
  weight: 'read-only-storage',
  write: 'storage',
  uniform: 'uniform',
} as const

export class Pipelines {
  readonly #device: GPUDevice
  readonly #lanes: Lanes
  readonly #compiled = new Map<string, Promise<GPUComputePipeline>>()
  readonly #layouts = new Map<string, GPUBindGroupLayout>()
  readonly #modules = new Map<string, GPUShaderModule>()

  constructor(device: GPUDevice, lanes: Lanes) {
    this.#device = device
    this.#lanes = lanes
  }

  /** The pipeline of `kernel` at `shape`, for `part` of its matrix where it reads weights. */
  get<S>(kernel: Kernel<Bindings, S>, shape: S, part?: WeightPart): Promise<GPUComputePipeline> {
    const constants = { ...kernel.constants(shape, this.#lanes), ...(part && partConstants(part)) }
    const arithmetic = kernel.arithmetic?.(shape)
    const key = JSON.stringify([kernel.entry, part?.layout, constants, arithmetic])
    const known = this.#compiled.get(key)
    if (known) return known
    const compiled = calmly(() =>
      this.#device.createComputePipelineAsync({
        label: key,
        layout: this.#device.createPipelineLayout({ bindGroupLayouts: [this.bindGroupLayout(kernel)] }),
        compute: { module: this.#module(kernel, part?.layout, arithmetic), entryPoint: kernel.entry, constants },
      }),
    )
    this.#compiled.set(key, compiled)
    return compiled
  }

  /** Explicit, because `layout: 'auto'` drops bindings that a constant made unused. */
  bindGroupLayout(kernel: Kernel<Bindings, never>): GPUBindGroupLayout {
    const key = Object.values(kernel.bindings).join()
    let layout = this.#layouts.get(key)
    if (!layout) {
      layout = this.#device.createBindGroupLayout({
        label: key,
        entries: Object.values(kernel.bindings).map((access, binding) => ({
          binding,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: BINDING_TYPES[access] },
        })),
      })
      this.#layouts.set(key, layout)
    }
    return layout
  }

  #module(kernel: Kernel<Bindings, never>, layout?: WeightLayout, arithmetic?: Arithmetic): GPUShaderModule {
    const key = [kernel.entry, layout, arithmetic].join(' ')
    let module = this.#modules.get(key)
    if (!module) {
      module = this.#device.createShaderModule({ label: key, code: sourceOf(kernel, this.#lanes, layout, arithmetic) })
      this.#modules.set(key, module)
    }
    return module
  }
}
