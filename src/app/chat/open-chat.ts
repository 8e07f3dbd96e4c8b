/** The conversation that is open: the library's current item, where it is one. */
import { isDocument } from '../library/entry.ts'
import type { LibraryState } from '../library/store.ts'
import type { TurnTree } from '../library/turn-tree.ts'
import { useLibrary } from '../library/use-library.ts'
import { useApp } from '../store/app.ts'

export function conversationOf({ current, trees }: LibraryState): TurnTree | undefined {
  const tree = current === undefined ? undefined : trees.get(current)
  return tree && !isDocument(tree) ? tree : undefined
}

/** Changes the open conversation; not while the model answers. */
export function changeChat(change: (tree: TurnTree) => TurnTree): void {
  const library = useLibrary.getState()
  if (library.current === undefined || !conversationOf(library) || useApp.getState().phase === 'writing') return
  library.converse(library.current, change)
}
