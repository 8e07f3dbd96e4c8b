/**
 * The library in IndexedDB. Records go in whole and come out as `unknown`: who reads them judges them.
 *
 *     items   id → Item            places  item → Place (where the reader is in its tree)
 *     nodes   [item, id] → node    texts   item → what it says now, for search
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { type AnyNode, type Entry, type Place, placeIn, textOf } from './entry.ts'
import type { Item, ItemId } from './item.ts'
import type { NodeId } from './tree.ts'

interface Schema extends DBSchema {
  items: { key: ItemId; value: Item }
  nodes: {
    key: [ItemId, NodeId]
    value: AnyNode & { readonly item: ItemId }
    indexes: { above: [ItemId, NodeId] }
  }
  places: { key: ItemId; value: Place }
  texts: { key: ItemId; value: string }
}

const VERSION = 1
const STORES = ['items', 'nodes', 'places', 'texts'] as const

export interface NodeChange {
  readonly item: ItemId
  readonly node: AnyNode
  /** Its words changed after they were stored, which holds only while nothing was built on them. */
  readonly amends: boolean
}

/** What is written at once, or not at all. */
export interface Changes {
  readonly items: readonly Item[]
  readonly nodes: readonly NodeChange[]
  readonly places: readonly (readonly [ItemId, Place])[]
  readonly texts: readonly (readonly [ItemId, string])[]
  /** Items to be deleted with all that belongs to them. */
  readonly gone: readonly ItemId[]
}

export interface Storage {
  items(): Promise<readonly unknown[]>
  item(id: ItemId): Promise<unknown>
  /** All nodes of an item, or those that are asked for and there. */
  nodes(item: ItemId, ids?: readonly NodeId[]): Promise<readonly unknown[]>
  place(item: ItemId): Promise<unknown>
  /** Of these items, or of all. */
  texts(ids?: readonly ItemId[]): Promise<ReadonlyMap<ItemId, unknown>>
  /** @returns what was left as it is, because another tab has built on it */
  write(changes: Changes): Promise<readonly NodeChange[]>
  close(): Promise<void>
}

/**
 * Opens lazily, and again after the browser closed it. All methods reject with the browser's error where it refuses.
 * @param inherited what a library that is made now begins with
 */
export function openStorage(name: string, inherited: () => readonly Entry[]): Storage {
  let opened: Promise<IDBPDatabase<Schema>> | undefined

  const forget = () => {
    opened = undefined
  }
  const open = () =>
    openDB<Schema>(name, VERSION, {
      upgrade(db, from, _to, transaction) {
        if (from >= 1) return
        db.createObjectStore('items', { keyPath: 'id' })
        db.createObjectStore('nodes', { keyPath: ['item', 'id'] }).createIndex('above', ['item', 'parent'])
        db.createObjectStore('places')
        db.createObjectStore('texts')
        // In the same transaction: either all of it has moved over, or the next visit does it.
        for (const { item, tree } of inherited()) {
          void transaction.objectStore('items').put(item)
          void transaction.objectStore('places').put(placeIn<AnyNode>(tree), item.id)
          void transaction.objectStore('texts').put(textOf(tree), item.id)
          for (const node of tree.nodes.values()) void transaction.objectStore('nodes').put({ ...node, item: item.id })
        }
      },
      blocking: (_from, _to, event) => {
        ;(event.target as IDBDatabase).close() // a newer page in another tab waits for this one
        forget()
      },
      terminated: forget,
    })
  const database = () => {
    opened ??= open().catch((error: unknown) => {
      forget()
      throw error
    })
    return opened
  }

  const allOf = (item: ItemId) => IDBKeyRange.bound([item], [item, []]) // arrays sort behind all strings

  return {
    items: async () => (await database()).getAll('items'),
    item: async (id) => (await database()).get('items', id),
    async nodes(item, ids) {
      const db = await database()
      if (!ids) return db.getAll('nodes', allOf(item))
      const { store } = db.transaction('nodes')
      return Promise.all(ids.map((id) => store.get([item, id])))
    },
    place: async (item) => (await database()).get('places', item),
    async texts(ids) {
      const { store } = (await database()).transaction('texts')
      const keys = ids ?? store.getAllKeys()
      const values = ids ? Promise.all(ids.map((id) => store.get(id))) : store.getAll()
      const [known, found] = await Promise.all([keys, values])
      return new Map(known.map((id, i) => [id, found[i]]))
    },
    async write({ items, nodes, places, texts, gone }) {
      const transaction = (await database()).transaction(STORES, 'readwrite', { durability: 'relaxed' })
      const store = <S extends (typeof STORES)[number]>(name: S) => transaction.objectStore(name)
      const left: NodeChange[] = []
      const put = async (change: NodeChange) => {
        const { item, node, amends } = change
        if (amends && (await store('nodes').index('above').count([item, node.id])) > 0) left.push(change)
        else await store('nodes').put({ ...node, item })
      }
      const remove = (item: ItemId) => [
        store('items').delete(item),
        store('nodes').delete(allOf(item)),
        store('places').delete(item),
        store('texts').delete(item),
      ]
      await Promise.all([
        ...items.map((item) => store('items').put(item)),
        ...nodes.map(put),
        ...places.map(([item, place]) => store('places').put(place, item)),
        ...texts.map(([item, text]) => store('texts').put(text, item)),
        ...gone.flatMap(remove),
        transaction.done,
      ])
      return left
    },
    async close() {
      const db = await opened?.catch(() => undefined)
      forget()
      db?.close()
    },
  }
}
