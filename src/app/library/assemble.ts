/** Trees made of records that were stored or imported one by one. */
import type { EditNode, EditTree } from './edit-tree.ts'
import type { AnyTree, Place } from './entry.ts'
import type { Item } from './item.ts'
import { movedTo, type NodeId, planted, type Tree, type TreeNode } from './tree.ts'
import type { TurnNode, TurnTree } from './turn-tree.ts'
import { readEditNode, readTurnNode } from './validate.ts'

export interface Assembled<T> {
  /** Undefined where no record is a root. */
  readonly tree: T | undefined
  /** Records that make no sense, or that hang on one that makes none. */
  readonly aside: number
}

export const assembleTree = (
  kind: Item['kind'],
  records: readonly unknown[],
  place: Place | undefined,
): Assembled<AnyTree> => (kind === 'text' ? assembleDocument(records, place) : assembleConversation(records, place))

function assembleDocument(records: readonly unknown[], place: Place | undefined): Assembled<EditTree> {
  const lengths = new Map<NodeId, number>()
  return assemble<EditNode>(records, readEditNode, place, ({ id, parent, edit }) => {
    const before = parent === undefined ? 0 : (lengths.get(parent) ?? 0)
    lengths.set(id, before - edit.removed + edit.inserted.length)
    return edit.start + edit.removed <= before // an edit of what is not there would shift all after it
  })
}

function assembleConversation(records: readonly unknown[], place: Place | undefined): Assembled<TurnTree> {
  return assemble<TurnNode>(records, readTurnNode, place, () => true)
}

/** @param fits whether a node can follow from its parent, which was asked before */
function assemble<N extends TreeNode>(
  records: readonly unknown[],
  read: (record: unknown) => N | undefined,
  place: Place | undefined,
  fits: (node: N) => boolean,
): Assembled<Tree<N>> {
  const below = new Map<NodeId | undefined, N[]>()
  for (const record of records) {
    const node = read(record)
    if (!node) continue
    const siblings = below.get(node.parent)
    if (siblings) siblings.push(node)
    else below.set(node.parent, [node])
  }
  const root = below.get(undefined)?.[0]
  if (!root) return { tree: undefined, aside: records.length }

  const nodes = new Map<NodeId, N>()
  const children = new Map<NodeId, NodeId[]>()
  const waiting = [root]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (nodes.has(node.id) || !fits(node)) continue
    nodes.set(node.id, node)
    if (node.parent !== undefined) {
      const siblings = children.get(node.parent)
      if (siblings) siblings.push(node.id)
      else children.set(node.parent, [node.id])
    }
    waiting.push(...(below.get(node.id) ?? []).sort((a, b) => b.at - a.at)) // the oldest is taken first
  }
  const visited = new Map(place?.visited.filter(([parent, child]) => nodes.get(child)?.parent === parent))
  const tree: Tree<N> = { ...planted(root), nodes, children, visited }
  const aside = records.length - nodes.size
  return { tree: movedTo(tree, place && nodes.has(place.current) ? place.current : newest(tree)), aside }
}

/** Where the latest work was done. */
function newest<N extends TreeNode>({ nodes, root }: Tree<N>): NodeId {
  let latest: N | undefined
  for (const node of nodes.values()) if (node.removed === undefined && node.at >= (latest?.at ?? 0)) latest = node
  return latest?.id ?? root
}
