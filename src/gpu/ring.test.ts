import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fakeGpu } from '../../test/fake-gpu.ts'
import { nudge } from './news.ts'
import { Ring } from './ring.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('where news is slow, a result comes after a few milliseconds, and the ring can be used again', async () => {
  const gpu = fakeGpu({ newsMs: 100, nudgedMs: 1 })
  nudge(gpu.device)
  const ring = new Ring(gpu.device, 2, 16)
  for (let n = 0; n < 5; n++) {
    gpu.device.queue.submit([])
    ring.expect(n, 16)
    const start = performance.now()
    const reading = ring.read(n, 16, (bytes) => bytes.byteLength)
    await vi.advanceTimersByTimeAsync(10)
    expect(await reading).toBe(16)
    expect(performance.now() - start).toBeLessThanOrEqual(10)
  }
})

test('settling waits for what nobody reads', async () => {
  const gpu = fakeGpu({ newsMs: 3 })
  const ring = new Ring(gpu.device, 4, 16)
  for (let n = 0; n < 3; n++) ring.expect(n, 16)
  let settled = false
  void ring.settle().then(() => {
    settled = true
  })
  await vi.advanceTimersByTimeAsync(2)
  expect(settled).toBe(false)
  await vi.advanceTimersByTimeAsync(2)
  expect(settled).toBe(true)
  expect([...gpu.buffers].every(({ mapState }) => mapState === 'unmapped')).toBe(true)
})
