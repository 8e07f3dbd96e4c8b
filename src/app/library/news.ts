/** What tabs tell each other: what they wrote. The records themselves are read from storage. */
import type { ItemId } from './item.ts'
import type { Changes } from './storage.ts'
import type { NodeId } from './tree.ts'
import { fields, isId, list } from './validate.ts'

export interface News {
  readonly items: readonly ItemId[]
  readonly nodes: readonly (readonly [ItemId, NodeId])[]
  readonly gone: readonly ItemId[]
}

/** An item whose text was stored counts as changed: it is to be found by other words. */
export const newsOf = ({ items, nodes, texts, gone }: Changes): News => ({
  items: [...new Set([...items.map((item) => item.id), ...texts.map(([id]) => id)])],
  nodes: nodes.map(({ item, node }) => [item, node.id]),
  gone,
})

export const isNews = ({ items, nodes, gone }: News): boolean => items.length + nodes.length + gone.length > 0

export function readNews(value: unknown): News {
  const { items, nodes, gone } = fields(value)
  const pairs = list(nodes).map((pair) => list(pair))
  return {
    items: list(items).filter(isId),
    nodes: pairs.flatMap(([item, node]) => (isId(item) && isId(node) ? [[item, node] as const] : [])),
    gone: list(gone).filter(isId),
  }
}
