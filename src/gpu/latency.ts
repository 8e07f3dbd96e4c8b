/**
 * How long the CPU waits to hear of finished work. Some browsers look for it now and then only, unless work is being
 * submitted (Firefox: every 100 ms). Where that is measured to be so, nothing is submitted again and again while
 * somebody waits.
 */

export interface Latency {
  /** Milliseconds from the submit of next to nothing until its result can be read. */
  readonly milliseconds: number
  /** Whether submits make the news come sooner. */
  readonly nudge: boolean
}

/** What is taken to be so where it cannot be measured. */
const USUAL: Latency = { milliseconds: 1, nudge: false }

/** Above what any browser takes that tells at once. */
const SLOW_MS = 20
const ROUNDS = 3
const NUDGE_MS = 1

/** Takes a few milliseconds, or, where news is slow, some tenths of a second. Meant for an idle GPU; never fails. */
export async function measureLatency(device: GPUDevice): Promise<Latency> {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST
  const source = device.createBuffer({ label: 'latency', size: 16, usage: GPUBufferUsage.COPY_SRC })
  const staging = device.createBuffer({ label: 'latency', size: 16, usage })
  try {
    let plain = await wait(false)
    let nudged = Number.POSITIVE_INFINITY
    // By turns, so that something else that the machine was busy with does not pass for the browser's habit.
    for (let round = 0; round < ROUNDS && plain >= SLOW_MS; round++) {
      nudged = Math.min(nudged, await wait(true))
      plain = Math.min(plain, await wait(false))
    }
    return plain >= SLOW_MS && nudged < plain / 2
      ? { milliseconds: nudged, nudge: true }
      : { milliseconds: plain, nudge: false }
  } catch {
    return USUAL // the device is lost: whoever uses it next will hear of it
  } finally {
    source.destroy()
    staging.destroy()
  }

  async function wait(nudge: boolean): Promise<number> {
    const start = performance.now()
    const encoder = device.createCommandEncoder({ label: 'latency' })
    encoder.copyBufferToBuffer(source, 0, staging, 0, 16)
    device.queue.submit([encoder.finish()])
    await news(device, nudge, staging.mapAsync(GPUMapMode.READ))
    staging.unmap()
    return performance.now() - start
  }
}

/** What `awaited`, which the GPU will settle, becomes. */
export async function news<T>({ queue }: GPUDevice, nudge: boolean, awaited: Promise<T>): Promise<T> {
  if (!nudge) return awaited
  const timer = setInterval(() => queue.submit([]), NUDGE_MS)
  try {
    return await awaited
  } finally {
    clearInterval(timer)
  }
}
