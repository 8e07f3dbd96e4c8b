/** One GPU for all tests of a driver: making a device and compiling pipelines are what takes time here. */
import { afterAll, beforeAll } from 'vitest'
import { create, globals } from 'webgpu'
import { type Gpu, openGpu } from '../src/gpu/gpu.ts'

Object.assign(globalThis, globals)

/** Dawn frees the instance when this is collected, and shared test files (isolate: false) reuse it. */
const shared = globalThis as typeof globalThis & { headlightGpu?: { instance: GPU; gpu: Promise<Gpu> } }

export let gpu: Gpu

beforeAll(async () => {
  if (!shared.headlightGpu) {
    const instance = create([])
    shared.headlightGpu = { instance, gpu: openGpu(instance) }
  }
  gpu = await shared.headlightGpu.gpu
  void gpu.lost.then((error) => {
    throw error
  })
})

afterAll(() => gpu.device.queue.onSubmittedWorkDone())
