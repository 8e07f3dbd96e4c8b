/** One GPU for all tests of a driver: making a device and compiling pipelines are what takes time here. */
import { setMaxListeners } from 'node:events'
import { afterAll, beforeAll } from 'vitest'
import { create, globals } from 'webgpu'
import { Gpu, openGpu } from '../src/gpu/gpu.ts'
import type { Norms, Variants } from '../src/gpu/variants.ts'

Object.assign(globalThis, globals)

/** Dawn frees the instance when this is collected, and shared test files (isolate: false) reuse it. */
const shared = globalThis as typeof globalThis & {
  headlightGpu?: { instance: GPU; gpu: Promise<Gpu>; others: Map<string, Gpu> }
}

export let gpu: Gpu

beforeAll(async () => {
  if (!shared.headlightGpu) {
    const instance = create([])
    shared.headlightGpu = { instance, gpu: openGpu(instance), others: new Map() }
  }
  gpu = await shared.headlightGpu.gpu
  setMaxListeners(0, gpu.device) // one of each of `others`
  void gpu.lost.then((error) => {
    throw error
  })
})

afterAll(() => gpu.device.queue.onSubmittedWorkDone())

/** The same device, which is given these variants. */
export function gpuWith(variants: Partial<Variants>): Gpu {
  const all = { ...gpu.variants, ...variants }
  const key = JSON.stringify(all)
  const { others } = shared.headlightGpu!
  const known = others.get(key) ?? new Gpu(gpu.device, gpu.info, all)
  others.set(key, known)
  return known
}

/** The same device, where norms are folded, or apart. Kernels do not depend on it: they are compiled once for both. */
export const gpuOfNorms = (norms: Norms): Gpu =>
  Object.defineProperty(new Gpu(gpu.device, gpu.info, { ...gpu.variants, norms }), 'pipelines', {
    value: gpu.pipelines,
  })

/** The same device, where a matrix of more bytes is kept in parts. */
export const gpuOfParts = (partBytes: number): Gpu =>
  Object.defineProperty(new Gpu(gpu.device, gpu.info, gpu.variants), 'partBytes', { value: partBytes })
