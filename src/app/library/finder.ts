/** Search over the whole library: reads what items say once, and again only what changed. */
import { type AnyTree, textOf } from './entry.ts'
import { type Item, type ItemId, listed } from './item.ts'
import type { Shelf } from './saved.ts'
import { type Found, folded, search } from './search.ts'

const MANY = 50 // from here on, reading all texts at once is faster than one by one
const SLICE_MS = 8 // half a frame: the page goes on while a large library is read

export type Find = (shelf: Shelf, query: string) => Promise<Found[]>

/** @param read texts of these items, or of all, as they are stored */
export function createFinder(read: (ids?: readonly ItemId[]) => Promise<ReadonlyMap<ItemId, string>>): Find {
  const texts = new Map<ItemId, string>() // folded
  const madeOf = new Map<ItemId, Item | AnyTree>()

  return async function find({ items, trees }: Shelf, query: string): Promise<Found[]> {
    const shown = listed(items.values())
    const stale = shown.filter((item) => !trees.has(item.id) && madeOf.get(item.id) !== item)
    const stored = stale.length > 0 ? await read(stale.length < MANY ? stale.map((item) => item.id) : undefined) : texts
    let since = performance.now()
    for (const item of stale) {
      learn(item.id, item, stored.get(item.id) ?? '')
      if (performance.now() - since < SLICE_MS) continue
      await new Promise((resolve) => setTimeout(resolve))
      since = performance.now()
    }
    for (const [id, tree] of trees) if (madeOf.get(id) !== tree) learn(id, tree, textOf(tree))
    for (const id of texts.keys()) if (!items.has(id)) texts.delete(id)
    return search(shown, texts, query)
  }

  function learn(id: ItemId, from: Item | AnyTree, text: string) {
    texts.set(id, folded(text))
    madeOf.set(id, from)
  }
}
