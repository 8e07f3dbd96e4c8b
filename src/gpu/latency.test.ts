import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type FakeGpu, fakeGpu } from '../../test/fake-gpu.ts'
import { measureLatency } from './latency.ts'
import { news, nudging } from './news.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

async function measured({ device }: FakeGpu) {
  const measuring = measureLatency(device)
  await vi.runAllTimersAsync()
  return measuring
}

/** Milliseconds until something is heard of the device. */
async function heard({ device }: FakeGpu): Promise<number> {
  const start = performance.now()
  const mapped = device.createBuffer({ size: 16, usage: 9 }).mapAsync(GPUMapMode.READ)
  const hearing = news(device, () => mapped).then(() => performance.now() - start)
  await vi.runAllTimersAsync()
  return hearing
}

test('a browser that tells at once is not nudged', async () => {
  const gpu = fakeGpu({ newsMs: 2 })
  expect(await measured(gpu)).toBe(2)
  expect(await heard(gpu)).toBe(2)
  expect(gpu.submits).toBe(1)
})

test('a browser that tells every 100 ms, and sooner when nudged, is nudged', async () => {
  const gpu = fakeGpu({ newsMs: 100, nudgedMs: 1 })
  expect(await measured(gpu)).toBeLessThan(3)
  expect(await heard(gpu)).toBeLessThan(3)
})

test('a GPU that is slow, whatever one does, is not nudged', async () => {
  const gpu = fakeGpu({ newsMs: 50 })
  expect(await measured(gpu)).toBe(50)
  const { submits } = gpu
  expect(await heard(gpu)).toBe(50)
  expect(gpu.submits).toBe(submits)
})

test('a lost GPU does not fail here', async () => {
  expect(await measured(fakeGpu({ newsMs: Number.NaN }))).toBe(1)
})

test('nudges end when the news is there, good or bad', async () => {
  const gpu = fakeGpu({ newsMs: 100, nudgedMs: 5 })
  const good = nudging(gpu.device, () => new Promise((resolve) => setTimeout(resolve, 5, 'done')))
  await vi.advanceTimersByTimeAsync(5)
  expect(await good).toBe('done')
  const bad = nudging(gpu.device, () => Promise.reject(new Error('lost')))
  await expect(bad).rejects.toThrow('lost')
  const { submits } = gpu
  expect(submits).toBeGreaterThan(3)
  await vi.advanceTimersByTimeAsync(50)
  expect(gpu.submits).toBe(submits)
})
