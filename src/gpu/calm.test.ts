import { afterEach, expect, test, vi } from 'vitest'
import { calmly } from './calm.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

test('turns asked for in between come every millisecond; others are left alone', async () => {
  const { setImmediate } = globalThis
  let looks = 0
  const look = () => {
    if (++looks < 3) globalThis.setImmediate(look)
  }
  const started = performance.now()
  expect(calmly(() => globalThis.setImmediate(look) && 'begun')).toBe('begun')
  expect(globalThis.setImmediate).toBe(setImmediate)
  expect(looks).toBe(0)
  await vi.waitFor(() => expect(looks).toBe(3))
  expect(performance.now() - started).toBeGreaterThan(2)
  expect(globalThis.setImmediate).toBe(setImmediate)
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
  expect('setImmediate' in globalThis && globalThis.setImmediate).toBeFalsy()
})
