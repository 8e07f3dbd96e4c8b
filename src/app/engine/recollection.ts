/**
 * What the model made of a text outlives the page: it is saved once writing rests, and brought back when the text is
 * opened, so that the next continuation reads nothing again. Nothing waits for either; the engine sees to their order.
 */
import type { Session } from '../../index.ts'
import type { ItemId } from '../library/item.ts'
import type { LibraryState } from '../library/store.ts'
import type { Library } from '../manuscript/open-text.ts'
import { savedName } from './saved-texts.ts'

const REST_MS = 500 // readers who try again do so at once

export interface Recollection {
  /** Takes the session of a model that was loaded; undefined: lets go of it. */
  take(session: Session | undefined): void
  /** The session has written, or tried to, into this item. */
  rested(item: ItemId): void
}

/** @param openItem the item that is open, where the session is for such items */
export function createRecollection(
  library: Library,
  openItem: (state: LibraryState) => ItemId | undefined,
): Recollection {
  let session: Session | undefined
  /** Whose keys and values the session has, as far as is known. */
  let held: ItemId | undefined
  let unsaved: ItemId | undefined
  let resting: ReturnType<typeof setTimeout> | undefined
  let work: Promise<unknown> = Promise.resolve()

  async function settle(mine: Session): Promise<void> {
    if (mine !== session) return
    const written = unsaved
    unsaved = undefined
    if (written !== undefined) await mine.save(savedName(written))
    const open = openItem(library.getState())
    if (mine !== session || open === undefined || open === held) return
    held = open
    await mine.restore(savedName(open))
  }

  function settleSoon(delayMs: number) {
    clearTimeout(resting)
    resting = setTimeout(() => {
      const mine = session
      if (mine) work = work.then(() => settle(mine)).catch(() => undefined) // the text is read again, that is all
    }, delayMs)
  }

  library.subscribe((state, previous) => {
    if (openItem(state) !== openItem(previous)) settleSoon(0)
  })

  return {
    take(taken) {
      session = taken
      held = undefined
      unsaved = undefined
      settleSoon(0)
    },
    rested(item) {
      held = item
      unsaved = item
      settleSoon(REST_MS)
    },
  }
}
