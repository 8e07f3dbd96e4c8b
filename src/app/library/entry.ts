/** An item with all that it says: what is imported, exported, and opened. */
import { type EditNode, type EditTree, manuscriptAt } from './edit-tree.ts'
import type { Item } from './item.ts'
import type { NodeId, Tree, TreeNode } from './tree.ts'
import { type TurnNode, type TurnTree, turns } from './turn-tree.ts'

export type AnyNode = EditNode | TurnNode
export type AnyTree = EditTree | TurnTree

/** The tree is of the item's kind. */
export interface Entry {
  readonly item: Item
  readonly tree: AnyTree
}

/** All that an item says now, as one text: what it is searched by, and called after. */
export const textOf = (tree: AnyTree): string =>
  isDocument(tree)
    ? manuscriptAt(tree).text
    : turns(tree)
        .map((turn) => turn.content)
        .join('\n\n')

export const isDocument = (tree: AnyTree): tree is EditTree => {
  const root: AnyNode | undefined = tree.nodes.get(tree.root)
  return root !== undefined && 'edit' in root
}

/** Where the reader is in a tree, as it is stored: only choices that are not the newest anyway need writing down. */
export interface Place {
  readonly current: NodeId
  readonly visited: readonly (readonly [parent: NodeId, child: NodeId])[]
}

export function placeIn<N extends TreeNode>({ current, visited, children }: Tree<N>): Place {
  const kept = [...visited].filter(([parent, child]) => children.get(parent)?.at(-1) !== child)
  return { current, visited: kept }
}
