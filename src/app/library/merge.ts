/** What another tab did to a tree. */
import { graft, isLeaf, movedTo, type NodeId, put, type Tree, type TreeNode } from './tree.ts'

/** How to keep a node that is longer here than there, where there it was built on. */
export interface Fork<N extends TreeNode> {
  /** Characters that it says. */
  length(node: N): number
  /** The same under another id. */
  again(node: N): N
}

/**
 * `tree` with `incoming`, which must be complete up to nodes that are known. The reader stays where they are. A node
 * that was built on in one tab while it grew in another is settled as the first had it; the longer one becomes its
 * sibling, so that both tabs keep what they show.
 */
export function merged<N extends TreeNode>(tree: Tree<N>, incoming: readonly N[], fork: Fork<N>): Tree<N> {
  const settled = new Set(incoming.map((node) => node.parent))
  let next = tree
  const isKnown = ({ id }: N) => tree.nodes.has(id)
  // What is known is settled before anything is added to it.
  let waiting: readonly N[] = [...incoming.filter(isKnown), ...incoming.filter((node) => !isKnown(node))]
  for (let before = Number.POSITIVE_INFINITY; waiting.length < before; ) {
    before = waiting.length
    waiting = waiting.filter((node) => {
      const placed = place(next, node, settled, fork)
      if (placed) next = placed
      return !placed
    })
  }
  return next
}

function place<N extends TreeNode>(
  tree: Tree<N>,
  node: N,
  settled: ReadonlySet<NodeId | undefined>,
  fork: Fork<N>,
): Tree<N> | undefined {
  const local = tree.nodes.get(node.id)
  if (!local) return node.parent !== undefined && tree.nodes.has(node.parent) ? graft(tree, node) : undefined
  if (!isLeaf(tree, local.id)) return put(tree, { ...local, name: node.name, removed: node.removed })
  const taken = put(tree, node)
  if (!settled.has(node.id) || local.parent === undefined || fork.length(local) <= fork.length(node)) return taken
  const copy = fork.again(local)
  const forked = graft(taken, copy)
  return tree.current === local.id ? movedTo(forked, copy.id) : forked
}
