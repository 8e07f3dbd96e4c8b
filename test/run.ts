/** Runs one kernel on fresh buffers through the runtime's own pipelines. */
import { type Access, type Bindings, type Kernel, STEP_BYTES, type Step, type WeightPart } from '../shaders/kernel.ts'
import { dispatch, encode, type Tensors } from '../src/gpu/plan.ts'
import { read } from '../src/gpu/readback.ts'
import type { Variants } from '../src/gpu/variants.ts'
import { gpu, gpuWith } from './gpu.ts'

export { padRows, unpadRows } from './padding.ts'

type Data = Float32Array | Uint32Array | Uint16Array | Uint8Array
type Inputs<B extends Bindings> = { readonly [Name in Exclude<keyof B, 'step'>]: Data }

export interface RunOptions extends Partial<Step> {
  /** What is there of the weight matrix, where the kernel reads one; `start` is 0 unless given. */
  readonly weights?: Omit<WeightPart, 'start'> & Partial<WeightPart>
  /** As on a device without subgroups. */
  readonly plain?: boolean
  /** Variants that the device is given. */
  readonly variants?: Partial<Variants>
}

/** What the kernel left in each `write` binding, as the type that went in. Uniforms named `step` are filled in. */
export async function run<B extends Bindings, S, I extends Inputs<B>>(
  kernel: Kernel<B, S>,
  shape: S,
  inputs: I,
  { rows = 1, position = 0, first = 0, padding = 0, table = 0, weights, plain = false, variants }: RunOptions = {},
): Promise<{ [Name in keyof I & keyof B as B[Name] extends 'write' ? Name : never]: I[Name] }> {
  const step: Step = { rows, position, first, padding, table }
  const forced = { ...variants, ...(plain && ({ lanes: 'workgroup', tiles: 'shared' } as const)) }
  const stepData = new Uint32Array(STEP_BYTES / 4)
  stepData.set([rows, position, first, padding, table])
  const all = { ...inputs, step: stepData } as unknown as Record<string, Data>
  const names = Object.entries(kernel.bindings) as [string, Access][]
  const buffers: Record<string, GPUBuffer> = {}
  for (const [name, access] of names) {
    const data = all[name]!
    const buffer = gpu.buffer(
      name,
      data.byteLength,
      access === 'uniform' ? GPUBufferUsage.UNIFORM : GPUBufferUsage.STORAGE,
    )
    const bytes = new Uint8Array(buffer.size)
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    gpu.device.queue.writeBuffer(buffer, 0, bytes)
    buffers[name] = buffer
  }
  gpu.device.pushErrorScope('validation')
  const plan = [
    await dispatch(gpuWith(forced), kernel, shape, buffers as Tensors<B>, weights && { start: 0, ...weights }),
  ]
  const encoder = gpu.device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  encode(pass, plan, step)
  pass.end()
  gpu.device.queue.submit([encoder.finish()])
  const error = await gpu.device.popErrorScope()
  if (error) throw new Error(`${kernel.entry}: ${error.message}`)
  const out: Record<string, Data> = {}
  for (const [name, access] of names) {
    if (access !== 'write') continue
    const bytes = await read(gpu.device, buffers[name]!)
    const like = all[name]!
    const view =
      like instanceof Uint32Array
        ? new Uint32Array(bytes)
        : like instanceof Uint16Array
          ? new Uint16Array(bytes)
          : like instanceof Uint8Array
            ? new Uint8Array(bytes)
            : new Float32Array(bytes)
    out[name] = view.subarray(0, like.length)
  }
  for (const buffer of Object.values(buffers)) buffer.destroy()
  return out as never
}
