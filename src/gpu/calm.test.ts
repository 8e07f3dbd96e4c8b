import { afterEach, expect, test, vi } from 'vitest'
import { calmly } from './calm.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('turns asked for in between come every millisecond, and the global is what it was', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const { setImmediate } = globalThis
  let looks = 0
  const look = () => {
    looks++
    globalThis.setImmediate(look)
  }
  expect(calmly(() => globalThis.setImmediate(look) && 'begun')).toBe('begun')
  for (let ms = 0; ms < 4; ms++) {
    expect(looks).toBe(ms)
    expect(globalThis.setImmediate).toBe(setImmediate)
    vi.advanceTimersByTime(1)
  }
})

test('what fails leaves the global as it was', () => {
  const { setImmediate } = globalThis
  const failing = () => {
    throw new Error('lost')
  }
  expect(() => calmly(failing)).toThrow('lost')
  expect(globalThis.setImmediate).toBe(setImmediate)
})

test('a browser has no such turns', () => {
  vi.stubGlobal('setImmediate', undefined)
  expect(calmly(() => 'begun')).toBe('begun')
  expect(globalThis.setImmediate).toBeUndefined()
})
