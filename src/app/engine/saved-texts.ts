/** What is saved of texts goes with them. */
import type { ModelStorage } from '../../index.ts'
import type { ItemId } from '../library/item.ts'
import type { Library } from '../manuscript/open-text.ts'

/** Other users of the library on this origin have names of their own, which are none of the page's business. */
const OWN = 'page/'

/** What is saved of an item is known by this name. */
export const savedName = (item: ItemId): string => OWN + item

/**
 * From now on, what is saved of an item is deleted when the item is.
 * @returns does the same for items that were deleted before, perhaps in another tab
 */
export function tendSavedTexts(library: Library, storage: () => ModelStorage | undefined): () => Promise<void> {
  async function clean(): Promise<void> {
    const { items, keeping } = library.getState()
    if (keeping !== 'kept') return // the list of items is not whole
    const saved =
      (await storage()
        ?.texts()
        .catch(() => undefined)) ?? []
    const here = new Set([...items.keys()].map(savedName))
    const gone = saved.map(({ name }) => name).filter((name) => name.startsWith(OWN) && !here.has(name))
    if (gone.length > 0) await storage()?.deleteTexts(gone)
  }
  library.subscribe((state, previous) => {
    if (state.items.size < previous.items.size || state.keeping !== previous.keeping) void clean()
  })
  return clean
}
