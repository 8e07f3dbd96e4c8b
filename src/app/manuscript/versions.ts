/** The continuations of one place in the text: the last one, and those that were written in place of it. */
import type { EditNode, EditTree } from '../library/edit-tree.ts'
import { movedTo, nodeAt, pruned, siblings } from '../library/tree.ts'

/** Those of the present one and itself, oldest first; none where the reader is not behind a continuation. */
export function versionsHere(tree: EditTree): readonly EditNode[] {
  const node = nodeAt(tree)
  if (node.by !== 'model' || node.parent === undefined) return []
  return siblings(tree, node.id).filter(({ by }) => by === 'model')
}

/** With the one `by` places further instead of the present one; around at the ends. */
export function turned(tree: EditTree, by: 1 | -1): EditTree {
  const versions = versionsHere(tree)
  const at = versions.findIndex(({ id }) => id === tree.current)
  const next = versions.at((at + by) % versions.length)
  return next && versions.length > 1 ? movedTo(tree, next.id) : tree
}

/** Without the present one, and with the one before it, if there is another. */
export function dropped(tree: EditTree, at: number): EditTree {
  const versions = versionsHere(tree)
  const index = versions.findIndex(({ id }) => id === tree.current)
  const next = versions[index - 1] ?? versions[index + 1]
  const without = index < 0 ? tree : pruned(tree, tree.current, at)
  return next ? movedTo(without, next.id) : without
}
