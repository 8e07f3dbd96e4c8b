/** The text that is open: the library's current item, where it is one. */
import { type EditNode, type EditTree, latestRun, manuscriptAt } from '../library/edit-tree.ts'
import { isDocument } from '../library/entry.ts'
import type { Item } from '../library/item.ts'
import type { Run } from '../library/run.ts'
import type { createLibrary, LibraryState } from '../library/store.ts'
import { livingChildren, nodeAt } from '../library/tree.ts'
import { useLibrary } from '../library/use-library.ts'
import { useApp } from '../store/app.ts'
import type { Manuscript } from './manuscript.ts'

export type Library = ReturnType<typeof createLibrary>

const NOTHING: Manuscript = { text: '', written: [] }

export function treeOf({ current, trees }: LibraryState): EditTree | undefined {
  const tree = current === undefined ? undefined : trees.get(current)
  return tree && isDocument(tree) ? tree : undefined
}

/** The text, and what of it a model wrote. The same object for the same text. */
export function manuscriptOf(state: LibraryState): Manuscript {
  const tree = treeOf(state)
  return tree ? manuscriptAt(tree) : NOTHING
}

export const itemOf = ({ current, items }: LibraryState): Item | undefined =>
  current === undefined ? undefined : items.get(current)

/** How the end of the text was written, if a model wrote it. */
export function runOf(state: LibraryState): Run | undefined {
  const tree = treeOf(state)
  return tree && latestRun(tree)
}

/** Where the reader is in the tree. */
function nodeOf(state: LibraryState): EditNode | undefined {
  const tree = treeOf(state)
  return tree && nodeAt(tree)
}

export const canUndo = (state: LibraryState): boolean => nodeOf(state)?.parent !== undefined

export function canRedo(state: LibraryState): boolean {
  const tree = treeOf(state)
  return tree !== undefined && livingChildren(tree).length > 0
}

/** Changes the open text; not while a model writes: until it stops, the text is the model's. */
export function changeText(change: (tree: EditTree) => EditTree): void {
  const library = useLibrary.getState()
  if (library.current === undefined || !treeOf(library) || useApp.getState().phase === 'writing') return
  library.edit(library.current, change)
}
