/**
 * A tree of versions, and where in it the reader is: what documents and conversations have in common. Plain data and
 * pure functions. A node that was built on is settled: what it says never changes, so that what follows from it stays
 * true. Removing hides a node and all below it; nothing is taken out of the tree.
 */

export type NodeId = string

/** Made by who calls: these functions know neither chance nor time. */
export interface Stamp {
  readonly id: NodeId
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface TreeNode extends Stamp {
  /** Undefined of the root only. */
  readonly parent: NodeId | undefined
  /** What the reader calls the version that ends here. */
  readonly name?: string | undefined
  /** When the reader removed it, and with it all below. */
  readonly removed?: number | undefined
}

export interface Tree<N extends TreeNode> {
  readonly nodes: ReadonlyMap<NodeId, N>
  /** Oldest first; removed ones too. */
  readonly children: ReadonlyMap<NodeId, readonly NodeId[]>
  readonly root: NodeId
  /** Where the reader is. */
  readonly current: NodeId
  /** For each node, the child that the reader was in last; so the path to `current` is in it. */
  readonly visited: ReadonlyMap<NodeId, NodeId>
}

export const planted = <N extends TreeNode>(root: N): Tree<N> => ({
  nodes: new Map([[root.id, root]]),
  children: new Map(),
  root: root.id,
  current: root.id,
  visited: new Map(),
})

export function nodeAt<N extends TreeNode>(tree: Tree<N>, id: NodeId = tree.current): N {
  const node = tree.nodes.get(id)
  if (!node) throw new RangeError(`node ${id} is not in this tree`)
  return node
}

/** From the root to `id`. */
export function pathTo<N extends TreeNode>(tree: Tree<N>, id: NodeId = tree.current): N[] {
  const path: N[] = []
  for (let at: NodeId | undefined = id; at !== undefined; ) {
    const node: N = nodeAt(tree, at)
    path.push(node)
    at = node.parent
  }
  return path.reverse()
}

/** The children of `id` that are not removed, oldest first. */
export const livingChildren = <N extends TreeNode>(tree: Tree<N>, id: NodeId = tree.current): N[] =>
  (tree.children.get(id) ?? []).map((child) => nodeAt(tree, child)).filter((child) => child.removed === undefined)

export const isLeaf = <N extends TreeNode>(tree: Tree<N>, id: NodeId): boolean => !tree.children.get(id)?.length

/** With `node`, and the reader in it; `aside`: they stay where they are. What it is added to comes back, if removed. */
export function added<N extends TreeNode>(tree: Tree<N>, node: N, { aside = false } = {}): Tree<N> {
  let revived = tree
  for (let at = node.parent; at !== undefined; at = nodeAt(tree, at).parent) {
    const above = nodeAt(tree, at)
    if (above.removed !== undefined) revived = put(revived, { ...above, removed: undefined })
  }
  const grafted = graft(revived, node)
  if (aside) return grafted
  if (node.parent !== tree.current) return movedTo(grafted, node.id)
  return { ...grafted, current: node.id, visited: new Map(tree.visited).set(node.parent, node.id) }
}

/** With `node` among the children of its parent. */
export function graft<N extends TreeNode>(tree: Tree<N>, node: N): Tree<N> {
  const parent = node.parent as NodeId
  const siblings = [...(tree.children.get(parent) ?? []), node.id]
  return {
    ...tree,
    nodes: new Map(tree.nodes).set(node.id, node),
    children: new Map(tree.children).set(parent, siblings),
  }
}

/** With `node` in place of the one of the same id, which nothing was built on yet. */
export function amended<N extends TreeNode>(tree: Tree<N>, node: N): Tree<N> {
  if (!isLeaf(tree, node.id)) throw new RangeError(`node ${node.id} was built on and cannot change`)
  return put(tree, node)
}

export const put = <N extends TreeNode>(tree: Tree<N>, node: N): Tree<N> => ({
  ...tree,
  nodes: new Map(tree.nodes).set(node.id, node),
})

export const named = <N extends TreeNode>(tree: Tree<N>, id: NodeId, name: string): Tree<N> =>
  put(tree, { ...nodeAt(tree, id), name: name || undefined })

export function movedTo<N extends TreeNode>(tree: Tree<N>, id: NodeId): Tree<N> {
  let visited: Map<NodeId, NodeId> | undefined
  for (const { id: child, parent } of pathTo(tree, id)) {
    if (parent === undefined || tree.visited.get(parent) === child) continue
    visited ??= new Map(tree.visited)
    visited.set(parent, child)
  }
  return { ...tree, current: id, visited: visited ?? tree.visited }
}

/** To the parent. */
export function undone<N extends TreeNode>(tree: Tree<N>): Tree<N> {
  const { parent } = nodeAt(tree)
  return parent === undefined ? tree : { ...tree, current: parent }
}

/** To the child that was visited last. */
export function redone<N extends TreeNode>(tree: Tree<N>): Tree<N> {
  const next = nextBelow(tree, tree.current)
  if (!next) return tree
  return { ...tree, current: next.id, visited: new Map(tree.visited).set(tree.current, next.id) }
}

function nextBelow<N extends TreeNode>(tree: Tree<N>, id: NodeId): N | undefined {
  const living = livingChildren(tree, id)
  return living.find((child) => child.id === tree.visited.get(id)) ?? living.at(-1)
}

/** To `id` and on, down to where the reader was last. */
export function followed<N extends TreeNode>(tree: Tree<N>, id: NodeId): Tree<N> {
  let end = nodeAt(tree, id)
  for (let next: N | undefined = end; next; next = nextBelow(tree, end.id)) end = next
  return movedTo(tree, end.id)
}

/** Without `id` and all below it. A reader who was there goes to its parent. The root stays. */
export function pruned<N extends TreeNode>(tree: Tree<N>, id: NodeId, at: number): Tree<N> {
  const node = nodeAt(tree, id)
  if (node.parent === undefined) return tree
  const inside = pathTo(tree).some((above) => above.id === id)
  const without = put(tree, { ...node, removed: at })
  return inside ? { ...without, current: node.parent } : without
}

/** Takes back `pruned`. */
export const regrown = <N extends TreeNode>(tree: Tree<N>, id: NodeId): Tree<N> =>
  put(tree, { ...nodeAt(tree, id), removed: undefined })

/** The ends of all living versions, oldest first. */
export function leaves<N extends TreeNode>(tree: Tree<N>): N[] {
  const ends: N[] = []
  const waiting: NodeId[] = [tree.root]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const below = livingChildren(tree, id)
    if (below.length === 0) ends.push(nodeAt(tree, id))
    for (const child of below) waiting.push(child.id)
  }
  return ends.sort((a, b) => a.at - b.at)
}

/** Living versions of `id`, itself among them, oldest first. */
export function siblings<N extends TreeNode>(tree: Tree<N>, id: NodeId): N[] {
  const node = nodeAt(tree, id)
  return node.parent === undefined ? [node] : livingChildren(tree, node.parent)
}
