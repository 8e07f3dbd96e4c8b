/** How long the CPU waits to hear of finished work; a browser that tells late is nudged from then on (news.ts). */
import { nudge, nudging } from './news.ts'

/** What is taken to be so where it cannot be measured. */
const USUAL_MS = 1

/** Above what any browser takes that tells at once. */
const SLOW_MS = 20
const ROUNDS = 3

/**
 * Milliseconds from the submit of next to nothing until its result can be read. Takes a few of them, or, where news is
 * slow, some tenths of a second. Meant for an idle GPU; never fails.
 */
export async function measureLatency(device: GPUDevice): Promise<number> {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST
  const source = device.createBuffer({ label: 'latency', size: 16, usage: GPUBufferUsage.COPY_SRC })
  const staging = device.createBuffer({ label: 'latency', size: 16, usage })
  const map = () => staging.mapAsync(GPUMapMode.READ)
  try {
    let plain = await wait(map)
    let nudged = Number.POSITIVE_INFINITY
    // By turns, so that something else that the machine was busy with does not pass for the browser's habit.
    for (let round = 0; round < ROUNDS && plain >= SLOW_MS; round++) {
      nudged = Math.min(nudged, await wait(() => nudging(device, map)))
      plain = Math.min(plain, await wait(map))
    }
    if (plain < SLOW_MS || nudged >= plain / 2) return plain
    nudge(device)
    return nudged
  } catch {
    return USUAL_MS // the device is lost: whoever uses it next will hear of it
  } finally {
    source.destroy()
    staging.destroy()
  }

  async function wait(mapped: () => Promise<undefined>): Promise<number> {
    const start = performance.now()
    const encoder = device.createCommandEncoder({ label: 'latency' })
    encoder.copyBufferToBuffer(source, 0, staging, 0, 16)
    device.queue.submit([encoder.finish()])
    await mapped()
    staging.unmap()
    return performance.now() - start
  }
}

const measured = new WeakMap<GPUDevice, Promise<number>>()

/** The same, measured once, when it is first asked for. */
export function latencyOf(device: GPUDevice): Promise<number> {
  const known = measured.get(device) ?? measureLatency(device)
  measured.set(device, known)
  return known
}
