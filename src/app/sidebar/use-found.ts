import { useEffect, useState } from 'react'
import type { Item, ItemId } from '../library/item.ts'
import type { Found } from '../library/search.ts'
import { useLibrary } from '../library/use-library.ts'

const PAUSE_MS = 120 // between keystrokes

/** Texts that hold every word of `query`; undefined while there is none, or it is not answered yet. */
export function useFound(query: string, items: ReadonlyMap<ItemId, Item>): readonly Found[] | undefined {
  const [found, setFound] = useState<readonly Found[]>()
  useEffect(() => {
    if (query.trim() === '') return setFound(undefined)
    let current = items.size >= 0
    const timer = setTimeout(() => {
      void useLibrary
        .getState()
        .find(query)
        .then((answer) => current && setFound(answer))
    }, PAUSE_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [query, items])
  return found
}
