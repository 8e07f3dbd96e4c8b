/** A plan: dispatches whose pipelines and bind groups were made once, to be encoded any number of times. */
import type { Bindings, Count, Grid, Kernel, Step, WeightPart } from '../../shaders/kernel.ts'
import type { Gpu } from './gpu.ts'

export interface Dispatch {
  readonly pipeline: GPUComputePipeline
  readonly group: GPUBindGroup
  readonly workgroups: Grid
}

/** What a plan asks of a compute pass. */
export type Pass = Pick<GPUComputePassEncoder, 'setPipeline' | 'setBindGroup' | 'dispatchWorkgroups'>

export type Tensors<B extends Bindings> = { readonly [Name in keyof B]: GPUBuffer }

/** The part that a kernel reads which reads no weights. */
const NO_PART: WeightPart = { layout: 'f32', width: 0, start: 0, rows: 0 }

/** One kernel at one shape on these buffers. Resolves when its pipeline is compiled. */
export async function dispatch<B extends Bindings, S>(
  gpu: Pick<Gpu, 'device' | 'pipelines' | 'lanes'>,
  kernel: Kernel<B, S>,
  shape: S,
  tensors: Tensors<B>,
  part?: WeightPart,
): Promise<Dispatch> {
  const group = gpu.device.createBindGroup({
    label: describeGroup(kernel, tensors),
    layout: gpu.pipelines.bindGroupLayout(kernel),
    entries: Object.keys(kernel.bindings).map((name, binding) => ({ binding, resource: { buffer: tensors[name]! } })),
  })
  const pipeline = await gpu.pipelines.get(kernel, shape, part)
  return { pipeline, group, workgroups: kernel.workgroups(shape, gpu.lanes, part ?? NO_PART) }
}

/** Encodes `plan` for `step`. Creates nothing. */
export function encode(pass: Pass, plan: readonly Dispatch[], step: Step): void {
  let last: GPUComputePipeline | undefined
  for (const { pipeline, group, workgroups } of plan) {
    const x = at(workgroups[0], step)
    const y = at(workgroups[1], step)
    const z = at(workgroups[2], step)
    if (x === 0 || y === 0 || z === 0) continue
    if (pipeline !== last) pass.setPipeline(pipeline)
    last = pipeline
    pass.setBindGroup(0, group)
    pass.dispatchWorkgroups(x, y, z)
  }
}

const at = (count: Count, step: Step): number => (typeof count === 'number' ? count : count(step))

/** The kernel, and the label of the buffer that each of its bindings has: 'matvec x=normed weight=layer.3.mlp.up …' */
const describeGroup = <B extends Bindings>({ entry, bindings }: Kernel<B, never>, tensors: Tensors<B>): string =>
  [entry, ...Object.keys(bindings).map((name) => `${name}=${tensors[name]!.label}`)].join(' ')
