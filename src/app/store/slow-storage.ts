/**
 * localStorage, written at most twice a second and once more when the page goes away. A storage that is full or
 * forbidden is ignored: the page works on, it only forgets. (The library, which holds the texts, says so.)
 */
import type { PersistStorage, StorageValue } from 'zustand/middleware'

const DELAY_MS = 500

/** Only `flush` serialises, so that a state that changes every frame costs nothing. */
export function slowStorage<S>(storage: () => Storage) {
  let waiting: { name: string; value: StorageValue<S> } | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const attempt = <T>(use: (storage: Storage) => T): T | undefined => {
    try {
      return use(storage())
    } catch {
      return undefined
    }
  }

  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (!waiting) return
    const { name, value } = waiting
    waiting = undefined
    attempt((storage) => storage.setItem(name, JSON.stringify(value)))
  }

  const persist: PersistStorage<S> = {
    getItem: (name) => {
      const text = attempt((storage) => storage.getItem(name))
      if (!text) return null
      try {
        return JSON.parse(text) as StorageValue<S>
      } catch {
        return null // not ours, or cut short: the page begins anew
      }
    },
    setItem: (name, value) => {
      waiting = { name, value }
      timer ??= setTimeout(flush, DELAY_MS)
    },
    removeItem: (name) => {
      waiting = undefined
      attempt((storage) => storage.removeItem(name))
    },
  }
  return { persist, flush }
}
