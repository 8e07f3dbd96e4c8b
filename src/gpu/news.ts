/**
 * News of finished work. Some browsers look for it now and then only, unless work is being submitted (Firefox 153: every
 * 100 ms). A device that was found to be so (latency.ts) is given empty submits while somebody waits.
 */
import { calmly } from './calm.ts'

const NUDGE_MS = 1

const nudged = new WeakSet<GPUDevice>()

/** From now on, whoever waits for news of this device has it sooner. */
export function nudge(device: GPUDevice): void {
  nudged.add(device)
}

/** What the GPU makes of what `begin` asks for, as soon as it can be known. */
export function news<T>(device: GPUDevice, begin: () => Promise<T>): Promise<T> {
  return nudged.has(device) ? nudging(device, begin) : calmly(begin)
}

/** Resolves when all is done that was submitted. */
export function workDone(device: GPUDevice): Promise<undefined> {
  return news(device, () => device.queue.onSubmittedWorkDone())
}

/** The same, for who measures how long it took: Node's event loop turns without pause meanwhile. */
export function workDoneNow(device: GPUDevice): Promise<undefined> {
  const done = () => device.queue.onSubmittedWorkDone()
  return nudged.has(device) ? nudging(device, done) : done()
}

/** The same as `news`, whatever the device. */
export async function nudging<T>({ queue }: GPUDevice, begin: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => queue.submit([]), NUDGE_MS)
  try {
    return await begin()
  } finally {
    clearInterval(timer)
  }
}
