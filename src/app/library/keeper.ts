/**
 * Keeps the library: writes what differs from what storage holds, at most half a second after it changed, and takes in
 * what other tabs wrote. Storage that refuses is said and otherwise ignored: the library works on in memory.
 */
import { assembleTree } from './assemble.ts'
import { startDocument } from './edit-tree.ts'
import { type AnyNode, type AnyTree, isDocument } from './entry.ts'
import { newId, newStamp } from './ids.ts'
import type { Item, ItemId } from './item.ts'
import { merged } from './merge.ts'
import { isNews, newsOf, readNews } from './news.ts'
import { differenceOf, forget, isNothing, note, noteNode, nothingSaved, type Shelf, TEXT_PAUSE_MS } from './saved.ts'
import type { Storage } from './storage.ts'
import type { NodeId } from './tree.ts'
import { startConversation } from './turn-tree.ts'
import { readEditNode, readItem, readPlace, readTurnNode, wordsOf } from './validate.ts'

const DELAY_MS = 500

/** What the browser does with what is written: it is full, or refuses altogether. */
export type Trouble = 'refused' | 'full'

export interface Kept {
  get(): Shelf
  /** Takes what storage holds. */
  take(shelf: Partial<Shelf>): void
  /** Undefined: all is well again. */
  trouble(trouble: Trouble | undefined): void
  /** Records that make no sense. They stay where they are. */
  aside(records: number): void
}

export interface Keeper {
  /** Lists what is stored. */
  start(): Promise<void>
  /**
   * The tree of an item, which is then kept. Where its records make no sense it begins anew, with what search knows of
   * it; undefined where storage refuses to read them.
   */
  open(item: Item): Promise<AnyTree | undefined>
  /** The same, of an item that need not be kept open. */
  read(item: Item): Promise<AnyTree | undefined>
  /** Something may have changed: writes it soon. */
  changed(): void
  /** Writes now all that is not yet written, for a page that may go away. */
  flush(): Promise<void>
  /** What these items say, or all, as it was last stored. */
  texts(ids?: readonly ItemId[]): Promise<ReadonlyMap<ItemId, string>>
  close(): Promise<void>
}

interface Loaded {
  readonly tree: AnyTree
  readonly aside: number
  /** None of it is stored. */
  readonly anew: boolean
}

export function createKeeper(storage: Storage, channel: BroadcastChannel | undefined, kept: Kept): Keeper {
  const saved = nothingSaved()
  const opening = new Map<ItemId, Promise<AnyTree | undefined>>()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** When it goes off, by `performance.now()`. */
  let dueMs = Number.POSITIVE_INFINITY
  let troubled = false

  async function attempt<T>(use: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await use()
      if (troubled) kept.trouble(undefined)
      troubled = false
      return result
    } catch (error) {
      troubled = true
      kept.trouble(error instanceof DOMException && error.name === 'QuotaExceededError' ? 'full' : 'refused')
      return undefined
    }
  }

  /** The sooner of what is asked for: a text that waits for its pause holds up nothing else. */
  function schedule(delayMs: number) {
    const atMs = performance.now() + delayMs
    if (atMs >= dueMs) return
    unschedule()
    dueMs = atMs
    timer = setTimeout(() => {
      unschedule()
      void write(false)
    }, delayMs)
  }

  function unschedule() {
    clearTimeout(timer)
    dueMs = Number.POSITIVE_INFINITY
  }

  /** Begins at once, even where an earlier one is under way: it writes the same again, and what came since. */
  async function write(all: boolean) {
    const difference = differenceOf(kept.get(), saved, Date.now(), all)
    if (!isNothing(difference)) {
      const left = await attempt(() => storage.write(difference))
      if (!left) return // the next change tries again
      note(saved, difference)
      const news = newsOf(difference)
      if (isNews(news)) channel?.postMessage(news)
      for (const item of new Set(left.map((change) => change.item))) await takeNodes(item)
    }
    if (difference.later) schedule(TEXT_PAUSE_MS)
  }

  async function takeItems(ids: readonly ItemId[]) {
    const records = await Promise.all(ids.map((id) => storage.item(id)))
    const items = new Map(kept.get().items)
    for (const item of records.map(readItem)) {
      // What changed here since is written later, and so wins.
      if (!item || items.get(item.id) !== saved.items.get(item.id)) continue
      items.set(item.id, item)
      saved.items.set(item.id, item)
    }
    if (ids.length > 0) kept.take({ items })
  }

  async function takeNodes(id: ItemId, ids?: readonly NodeId[]) {
    await opening.get(id)
    if (!kept.get().trees.has(id)) return // read when it is opened
    const records = await storage.nodes(id, ids)
    const { trees } = kept.get()
    const tree = trees.get(id)
    if (!tree) return
    const [next, incoming] = mergedRecords(tree, records)
    for (const node of incoming) {
      const placed = next.nodes.get(node.id)
      if (placed) noteNode(saved, id, placed) // storage has the same words, in another object
    }
    kept.take({ trees: new Map(trees).set(id, next) })
  }

  async function hear(data: unknown) {
    const news = readNews(data)
    await attempt(async () => {
      await takeItems(news.items)
      for (const item of new Set(news.nodes.map(([item]) => item))) {
        const ids = news.nodes.filter(([of]) => of === item).map(([, node]) => node)
        await takeNodes(item, ids)
      }
    })
    if (news.gone.length === 0) return
    const { items, trees } = kept.get()
    for (const id of news.gone) forget(saved, id)
    const isHere = ([id]: readonly [ItemId, unknown]) => !news.gone.includes(id)
    kept.take({ items: new Map([...items].filter(isHere)), trees: new Map([...trees].filter(isHere)) })
  }
  if (channel) channel.onmessage = (event) => void hear(event.data)

  async function load({ id, kind }: Item): Promise<Loaded | undefined> {
    const stored = await attempt(() => Promise.all([storage.nodes(id), storage.place(id), storage.texts([id])]))
    if (!stored) return undefined // not the same as empty: a new tree would be written over what is there
    const [records, place, texts] = stored
    const { tree, aside } = assembleTree(kind, records, readPlace(place))
    if (tree) return { tree, aside, anew: false }
    const stamp = newStamp()
    const begun = kind === 'text' ? startDocument(wordsOf(texts.get(id)), stamp) : startConversation(stamp)
    return { tree: begun, aside, anew: true }
  }

  async function openNow(item: Item): Promise<AnyTree | undefined> {
    const loaded = await load(item)
    if (!loaded) return undefined
    const { tree, aside, anew } = loaded
    if (aside > 0) kept.aside(aside)
    if (!anew) {
      for (const node of tree.nodes.values()) noteNode(saved, item.id, node)
      saved.trees.set(item.id, tree)
      saved.texts.set(item.id, { tree, timeMs: 0 })
    }
    kept.take({ trees: new Map(kept.get().trees).set(item.id, tree) })
    return tree
  }

  return {
    async start() {
      const records = await attempt(() => storage.items())
      const items = (records ?? []).map(readItem).filter((item) => item !== undefined)
      for (const item of items) saved.items.set(item.id, item)
      if (records && records.length > items.length) kept.aside(records.length - items.length)
      kept.take({ items: new Map([...items.map((item) => [item.id, item] as const), ...kept.get().items]) })
    },
    open(item) {
      const known = kept.get().trees.get(item.id)
      if (known) return Promise.resolve(known)
      const reading = opening.get(item.id) ?? openNow(item).finally(() => opening.delete(item.id))
      opening.set(item.id, reading)
      return reading
    },
    read: async (item) => kept.get().trees.get(item.id) ?? (await load(item))?.tree,
    changed: () => schedule(DELAY_MS),
    flush() {
      unschedule()
      return write(true)
    },
    async texts(ids) {
      const stored = await attempt(() => storage.texts(ids))
      return new Map([...(stored ?? [])].map(([id, text]) => [id, wordsOf(text)]))
    },
    async close() {
      await this.flush()
      if (channel) channel.onmessage = null
      channel?.close()
      await storage.close()
    },
  }
}

/** The tree with what of `records` makes sense, and that. */
function mergedRecords(tree: AnyTree, records: readonly unknown[]): [AnyTree, readonly AnyNode[]] {
  if (isDocument(tree)) {
    const nodes = records.map(readEditNode).filter((node) => node !== undefined)
    const length = (node: (typeof nodes)[number]) => node.edit.inserted.length
    return [merged(tree, nodes, { length, again: (node) => ({ ...node, id: newId() }) }), nodes]
  }
  const nodes = records.map(readTurnNode).filter((node) => node !== undefined)
  const length = (node: (typeof nodes)[number]) => node.content.length + (node.thinking?.length ?? 0)
  return [merged(tree, nodes, { length, again: (node) => ({ ...node, id: newId() }) }), nodes]
}
