import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type FakeGpu, fakeGpu } from '../../test/fake-gpu.ts'
import { measureLatency, news } from './latency.ts'

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

test('a browser that tells at once is not nudged', async () => {
  const gpu = fakeGpu({ newsMs: 2 })
  expect(await measured(gpu)).toEqual({ milliseconds: 2, nudge: false })
  expect(gpu.submits).toBe(1)
})

test('a browser that tells every 100 ms, and sooner when nudged, is nudged', async () => {
  const { milliseconds, nudge } = await measured(fakeGpu({ newsMs: 100, nudgedMs: 1 }))
  expect(nudge).toBe(true)
  expect(milliseconds).toBeLessThan(3)
})

test('a GPU that is slow, whatever one does, is not nudged', async () => {
  expect(await measured(fakeGpu({ newsMs: 50 }))).toEqual({ milliseconds: 50, nudge: false })
})

test('a lost GPU does not fail here', async () => {
  expect(await measured(fakeGpu({ newsMs: Number.NaN }))).toEqual({ milliseconds: 1, nudge: false })
})

test('nudges end when the news is there, good or bad', async () => {
  const gpu = fakeGpu({ newsMs: 100, nudgedMs: 5 })
  const good = news(gpu.device, true, new Promise((resolve) => setTimeout(resolve, 5, 'done')))
  await vi.advanceTimersByTimeAsync(5)
  expect(await good).toBe('done')
  const bad = news(gpu.device, true, Promise.reject(new Error('lost')))
  await expect(bad).rejects.toThrow('lost')
  const { submits } = gpu
  expect(submits).toBeGreaterThan(3)
  await vi.advanceTimersByTimeAsync(50)
  expect(gpu.submits).toBe(submits)
})
