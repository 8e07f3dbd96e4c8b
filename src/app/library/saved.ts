/** What storage is known to hold, and how the library differs from it: so nothing has to say that it changed. */
import { type AnyNode, type AnyTree, placeIn, textOf } from './entry.ts'
import type { Item, ItemId } from './item.ts'
import type { Changes, NodeChange } from './storage.ts'
import { isLeaf, type NodeId } from './tree.ts'

export interface Shelf {
  readonly items: ReadonlyMap<ItemId, Item>
  /** Of the items that were opened. */
  readonly trees: ReadonlyMap<ItemId, AnyTree>
}

/** Records by identity: one that is another object is another record. */
export interface Saved {
  readonly items: Map<ItemId, Item>
  readonly nodes: Map<ItemId, Map<NodeId, AnyNode>>
  /** The trees that nodes, place and text were last compared with. */
  readonly trees: Map<ItemId, AnyTree>
  readonly texts: Map<ItemId, { readonly tree: AnyTree; readonly timeMs: number }>
}

export const nothingSaved = (): Saved => ({ items: new Map(), nodes: new Map(), trees: new Map(), texts: new Map() })

/** Texts serve search only, and may be long: they are written less often. */
export const TEXT_PAUSE_MS = 5000

export interface Difference extends Changes {
  /** Some texts wait for their pause. */
  readonly later: boolean
  /** The shelf that it leads to. */
  readonly shelf: Shelf
  readonly timeMs: number
}

/** @param all write texts without a pause: the page may not come back */
export function differenceOf(shelf: Shelf, saved: Saved, timeMs: number, all: boolean): Difference {
  const nodes: NodeChange[] = []
  const trees = [...shelf.trees].filter(([id, tree]) => saved.trees.get(id) !== tree && shelf.items.has(id))
  for (const [item, tree] of trees) {
    const known = saved.nodes.get(item)
    for (const node of tree.nodes.values()) {
      const stored = known?.get(node.id)
      if (stored !== node) nodes.push({ item, node, amends: stored !== undefined && isLeaf<AnyNode>(tree, node.id) })
    }
  }
  const stale = [...shelf.trees].filter(([id, tree]) => saved.texts.get(id)?.tree !== tree && shelf.items.has(id))
  const due = stale.filter(([id]) => all || timeMs - (saved.texts.get(id)?.timeMs ?? 0) >= TEXT_PAUSE_MS)
  return {
    items: [...shelf.items.values()].filter((item) => saved.items.get(item.id) !== item),
    nodes,
    places: trees.filter(([id, tree]) => hasMoved(tree, saved.trees.get(id))).map(([id, tree]) => [id, placeOf(tree)]),
    texts: due.map(([id, tree]) => [id, textOf(tree)]),
    gone: [...saved.items.keys()].filter((id) => !shelf.items.has(id)),
    later: due.length < stale.length,
    shelf,
    timeMs,
  }
}

/** Where another tab wrote and this one stayed, the other's place is the later one. */
const hasMoved = (now: AnyTree, then: AnyTree | undefined): boolean =>
  now.current !== then?.current || now.visited !== then.visited

const placeOf = (tree: AnyTree) => placeIn<AnyNode>(tree)

export const isNothing = ({ items, nodes, places, texts, gone }: Changes): boolean =>
  [items, nodes, places, texts, gone].every(({ length }) => length === 0)

/** The difference is stored. */
export function note(saved: Saved, { items, nodes, texts, gone, shelf, timeMs }: Difference): void {
  for (const item of items) saved.items.set(item.id, item)
  for (const { item, node } of nodes) noteNode(saved, item, node)
  for (const [id, tree] of shelf.trees) saved.trees.set(id, tree)
  for (const [id] of texts) saved.texts.set(id, { tree: shelf.trees.get(id) as AnyTree, timeMs })
  for (const id of gone) forget(saved, id)
}

export function noteNode(saved: Saved, item: ItemId, node: AnyNode): void {
  const known = saved.nodes.get(item)
  if (known) known.set(node.id, node)
  else saved.nodes.set(item, new Map([[node.id, node]]))
}

export function forget(saved: Saved, id: ItemId): void {
  for (const kept of [saved.items, saved.nodes, saved.trees, saved.texts]) kept.delete(id)
}
