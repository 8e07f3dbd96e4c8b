/** What is stored, as it is now: other tabs store and delete, too. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ModelStorage, StorageEstimate, StoredModel, StoredText } from '../../../index.ts'

const REFRESH_MS = 2000

export interface Stored {
  readonly models: readonly StoredModel[]
  readonly texts: readonly StoredText[]
  readonly estimate: StorageEstimate
}

/** `stored` is undefined until it is read, `error` while it is not readable. */
export function useStored(storage: ModelStorage | undefined): {
  readonly stored: Stored | undefined
  readonly error: unknown
  readonly refresh: () => Promise<void>
} {
  const [stored, setStored] = useState<Stored>()
  const [error, setError] = useState<unknown>()
  const reads = useRef(0)

  const refresh = useCallback(async () => {
    if (!storage) return
    const read = ++reads.current
    try {
      const [models, texts, estimate] = await Promise.all([storage.list(), storage.texts(), storage.estimate()])
      if (read !== reads.current) return // a later one knows better
      setStored({ models, texts, estimate })
      setError(undefined)
    } catch (caught) {
      if (read === reads.current) setError(caught)
    }
  }, [storage])

  useEffect(() => {
    void refresh()
    const timer = setInterval(() => !document.hidden && void refresh(), REFRESH_MS)
    return () => clearInterval(timer)
  }, [refresh])

  return { stored, error, refresh }
}
