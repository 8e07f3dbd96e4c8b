/** One GPU for all tests of a driver: making a device and compiling pipelines are what takes time here. */
import { afterAll, beforeAll } from 'vitest'
import { create, globals } from 'webgpu'
import { Gpu, openGpu } from '../src/gpu/gpu.ts'

Object.assign(globalThis, globals)

/** Dawn frees the instance when this is collected, and shared test files (isolate: false) reuse it. */
const shared = globalThis as typeof globalThis & {
  headlightGpu?: { instance: GPU; gpu: Promise<Gpu>; plain: Promise<Gpu> }
}

export let gpu: Gpu
/** The same device, as if it had no subgroups. */
export let plainGpu: Gpu

beforeAll(async () => {
  if (!shared.headlightGpu) {
    const instance = create([])
    const opened = openGpu(instance)
    shared.headlightGpu = { instance, gpu: opened, plain: opened.then(withoutSubgroups) }
  }
  gpu = await shared.headlightGpu.gpu
  plainGpu = await shared.headlightGpu.plain
  void gpu.lost.then((error) => {
    throw error
  })
})

afterAll(() => gpu.device.queue.onSubmittedWorkDone())

/** Lanes then add up through workgroup memory. */
function withoutSubgroups({ device, info }: Gpu): Gpu {
  return new Gpu(device, Object.create(info, { subgroupMaxSize: { value: 0 } }) as GPUAdapterInfo)
}

/** The same device, where a matrix of more bytes is kept in parts. */
export const gpuOfParts = (partBytes: number): Gpu => Object.create(gpu, { partBytes: { value: partBytes } }) as Gpu
