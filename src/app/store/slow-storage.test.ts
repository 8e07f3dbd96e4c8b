import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { slowStorage } from './slow-storage.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function memory(): Storage & { writes: number } {
  const items = new Map<string, string>()
  return {
    writes: 0,
    length: 0,
    clear: () => items.clear(),
    key: () => null,
    getItem: (name) => items.get(name) ?? null,
    removeItem: (name) => void items.delete(name),
    setItem(name, value) {
      this.writes++
      items.set(name, value)
    },
  }
}

it('writes the latest of many states once', () => {
  const storage = memory()
  const { persist } = slowStorage<{ n: number }>(() => storage)
  for (let n = 0; n < 100; n++) persist.setItem('app', { state: { n } })
  expect(storage.writes).toBe(0)
  vi.advanceTimersByTime(1000)
  expect(storage.writes).toBe(1)
  expect(persist.getItem('app')).toEqual({ state: { n: 99 } })
})

it('writes at once when the page goes away', () => {
  const storage = memory()
  const { persist, flush } = slowStorage<{ n: number }>(() => storage)
  persist.setItem('app', { state: { n: 1 } })
  flush()
  flush()
  expect(storage.writes).toBe(1)
})

it('works on where storage is refused', () => {
  const { persist, flush } = slowStorage<{ n: number }>(() => {
    throw new DOMException('forbidden', 'SecurityError')
  })
  expect(persist.getItem('app')).toBeNull()
  persist.setItem('app', { state: { n: 1 } })
  expect(flush).not.toThrow()
})

it('takes what it cannot read for nothing', () => {
  const storage = memory()
  storage.setItem('app', '{"state":')
  expect(slowStorage(() => storage).persist.getItem('app')).toBeNull()
})
