/** Where a text that goes on otherwise from somewhere in it hangs on its tree. */
import type { Edit } from '../manuscript/manuscript.ts'
import { type EditTree, manuscriptAt } from './edit-tree.ts'
import { type NodeId, nodeAt } from './tree.ts'

export interface Branching {
  /** The node that it follows from. */
  readonly from: NodeId
  /** Of the text there: what is left of it, and the words. */
  readonly edit: Edit
}

/**
 * The present text up to `offset`, and then `words` instead of the rest. Where a model wrote the words around `offset`,
 * it is another version of what it wrote, beside the first; elsewhere it follows from the reader's words.
 */
export function branching(tree: EditTree, offset: number, words: string): Branching {
  let node = nodeAt(tree)
  // Edits behind `offset` leave what stands before it as it was.
  while (node.parent !== undefined && node.edit.start > offset) node = nodeAt(tree, node.parent)
  const { text } = manuscriptAt(tree, node.id)
  if (node.by === 'reader' || node.parent === undefined) {
    return { from: node.id, edit: { start: offset, removed: text.length - offset, inserted: words } }
  }
  const { start } = node.edit
  const { length } = manuscriptAt(tree, node.parent).text
  return { from: node.parent, edit: { start, removed: length - start, inserted: text.slice(start, offset) + words } }
}
