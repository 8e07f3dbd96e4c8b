/** A plan: dispatches whose pipelines and bind groups were made once, to be encoded any number of times. */
import type { Bindings, Kernel, Step, WeightPart, Workgroups } from '../../shaders/kernel.ts'
import type { Gpu } from './gpu.ts'

export interface Dispatch {
  readonly pipeline: GPUComputePipeline
  readonly group: GPUBindGroup
  readonly workgroups: (step: Step) => Workgroups
}

export type Tensors<B extends Bindings> = { readonly [Name in keyof B]: GPUBuffer }

/** The part that a kernel reads which reads no weights. */
export const NO_PART: WeightPart = { layout: 'f32', width: 0, start: 0, rows: 0 }

/** One kernel at one shape on these buffers. Resolves when its pipeline is compiled. */
export async function dispatch<B extends Bindings, S>(
  gpu: Gpu,
  kernel: Kernel<B, S>,
  shape: S,
  tensors: Tensors<B>,
  part?: WeightPart,
): Promise<Dispatch> {
  const group = gpu.device.createBindGroup({
    label: kernel.entry,
    layout: gpu.pipelines.bindGroupLayout(kernel),
    entries: Object.keys(kernel.bindings).map((name, binding) => ({ binding, resource: { buffer: tensors[name]! } })),
  })
  const pipeline = await gpu.pipelines.get(kernel, shape, part)
  return { pipeline, group, workgroups: (step) => kernel.workgroups(shape, step, gpu.lanes, part ?? NO_PART) }
}

/** Encodes `plan` for `step`. Creates nothing. */
export function encode(pass: GPUComputePassEncoder, plan: readonly Dispatch[], step: Step): void {
  for (const { pipeline, group, workgroups } of plan) {
    const [x, y, z] = workgroups(step)
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, group)
    pass.dispatchWorkgroups(x, y, z)
  }
}
