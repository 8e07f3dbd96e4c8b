/**
 * The library for the page. What can be done to a text or a conversation is in edit-tree.ts, turn-tree.ts and tree.ts,
 * as pure functions; `edit` and `converse` apply them:
 *
 *     const { create, edit } = useLibrary.getState()
 *     const id = create('text', { text: 'Once' })
 *     edit(id, (tree) => typed(tree, { start: 4, removed: 0, inserted: ' upon' }, newStamp()))
 *     edit(id, undone)
 *
 * Whatever is set is kept: see keeper.ts.
 */
import { create as createStore } from 'zustand'
import { HeadlightError } from '../../index.ts'
import { type EditTree, startDocument } from './edit-tree.ts'
import { type AnyTree, type Entry, isDocument, textOf } from './entry.ts'
import type { Find } from './finder.ts'
import { newId, newStamp } from './ids.ts'
import { beginningOf, type Item, type ItemId, listed, newItem, TRASH_MS } from './item.ts'
import { createKeeper, type Trouble } from './keeper.ts'
import type { Shelf } from './saved.ts'
import type { Found } from './search.ts'
import type { Storage } from './storage.ts'
import { startConversation, type TurnTree } from './turn-tree.ts'

/** What the reader chooses for an item. */
export type ItemChoice = Partial<Pick<Item, 'title' | 'pinned' | 'folder' | 'model' | 'sampling' | 'system'>>

export interface LibraryState extends Shelf {
  /** The item that is open. */
  readonly current: ItemId | undefined
  /** 'opening' until the list is there. 'refused' and 'full': what is written from here on is in memory only. */
  readonly keeping: 'opening' | 'kept' | Trouble
  /** Stored records that make no sense, and are left out. */
  readonly aside: number
  /** Lists what is stored, empties the trash of what is old, and opens what was changed last. */
  start(): Promise<void>
  /** A new item, which is open then. `text` is what a text begins with. */
  create(kind: Item['kind'], from?: ItemChoice & { readonly text?: string }): ItemId
  /** Makes an item the current one, once it is read. @returns false where there is none, or storage refuses to read it */
  open(id: ItemId): Promise<boolean>
  /** @throws HeadlightError `bad-input` where the item is not open, or a conversation */
  edit(id: ItemId, change: (tree: EditTree) => EditTree): void
  /** @throws HeadlightError `bad-input` where the item is not open, or a text */
  converse(id: ItemId, change: (tree: TurnTree) => TurnTree): void
  choose(id: ItemId, choice: ItemChoice): void
  /** Deletes it, so that `restore` brings it back, for 30 days. */
  trash(id: ItemId): void
  restore(id: ItemId): void
  /** Deletes for good what is in the trash, or of that only what was put there before `time`. */
  emptyTrash(before?: number): void
  /** Items that hold every word of `query`; not those in the trash. */
  find(query: string): Promise<readonly Found[]>
  /** What was read from a file. @returns their ids; none of them is opened */
  add(entries: readonly Entry[]): readonly ItemId[]
  /** For export: these, or all that are not in the trash. */
  entries(ids?: readonly ItemId[]): Promise<readonly Entry[]>
  /** Writes now what is not yet written, for a page that may go away. */
  flush(): Promise<void>
  /** Writes, and lets go of storage. */
  close(): Promise<void>
}

const CHANGED_MS = 1000 // the list is sorted by this, so it need not be newer

/** @param channel to other tabs; without, they are not told */
export function createLibrary(storage: Storage, channel?: BroadcastChannel) {
  return createStore<LibraryState>()((set, get, store) => {
    const kept = {
      get,
      take: (shelf: Partial<Shelf>) =>
        set((state) => {
          const items = shelf.items ?? state.items
          return { ...shelf, current: state.current && items.has(state.current) ? state.current : undefined }
        }),
      trouble: (trouble: Trouble | undefined) => set({ keeping: trouble ?? 'kept' }),
      aside: (records: number) => set(({ aside }) => ({ aside: aside + records })),
    }
    const keeper = createKeeper(storage, channel, kept)
    let finder: Promise<Find> | undefined // comes with the first search
    store.subscribe((state, before) => {
      if (state.items !== before.items || state.trees !== before.trees) keeper.changed()
    })

    const put = (item: Item) => set(({ items }) => ({ items: new Map(items).set(item.id, item) }))
    const itemAt = (id: ItemId): Item => {
      const item = get().items.get(id)
      if (!item) throw new HeadlightError('bad-input', `There is no item ${id} in the library.`, { id })
      return item
    }

    function change<T extends AnyTree>(id: ItemId, tree: T | undefined, change: (tree: T) => T) {
      if (!tree) throw new HeadlightError('bad-input', `Item ${id} is not open, or of another kind.`, { id })
      const next = change(tree)
      if (next === tree) return
      const { items, trees } = get()
      const item = itemAt(id)
      const beginning = beginningOf(textOf(next))
      const now = Date.now()
      const touched = next.nodes !== tree.nodes && now - item.changed >= CHANGED_MS
      const same = !touched && beginning === item.beginning
      set({
        trees: new Map(trees).set(id, next),
        ...(!same && {
          items: new Map(items).set(id, { ...item, beginning, ...(touched && { changed: now }) }),
        }),
      })
    }

    return {
      items: new Map(),
      trees: new Map(),
      current: undefined,
      keeping: 'opening',
      aside: 0,
      async start() {
        await keeper.start()
        if (get().keeping === 'opening') set({ keeping: 'kept' })
        get().emptyTrash(Date.now() - TRASH_MS)
        const [latest] = [...get().items.values()].filter((item) => !item.trashed).sort((a, b) => b.changed - a.changed)
        if (latest && !get().current) await get().open(latest.id)
      },
      create(kind, { text = '', ...choice } = {}) {
        const item = { ...newItem(kind, newId(), Date.now()), beginning: beginningOf(text), ...choice }
        const tree = kind === 'text' ? startDocument(text, newStamp()) : startConversation(newStamp())
        get().add([{ item, tree }])
        set({ current: item.id })
        return item.id
      },
      async open(id) {
        const item = get().items.get(id)
        if (!item || !(await keeper.open(item)) || !get().items.has(id)) return false
        set({ current: id })
        return true
      },
      edit(id, next) {
        const tree = get().trees.get(id)
        change(id, tree && isDocument(tree) ? tree : undefined, next)
      },
      converse(id, next) {
        const tree = get().trees.get(id)
        change(id, tree && !isDocument(tree) ? tree : undefined, next)
      },
      choose: (id, choice) => put({ ...itemAt(id), ...choice }),
      trash(id) {
        put({ ...itemAt(id), trashed: Date.now() })
        if (get().current === id) set({ current: undefined })
      },
      restore: (id) => put({ ...itemAt(id), trashed: undefined }),
      emptyTrash(before = Number.POSITIVE_INFINITY) {
        const { items, trees } = get()
        const stays = (id: ItemId) => !((items.get(id)?.trashed ?? Number.POSITIVE_INFINITY) < before)
        const here = new Map([...items].filter(([id]) => stays(id)))
        if (here.size === items.size) return
        set({ items: here, trees: new Map([...trees].filter(([id]) => stays(id))) })
      },
      async find(query) {
        finder ??= import('./finder.ts').then(({ createFinder }) => createFinder(keeper.texts))
        const find = await finder
        return find(get(), query)
      },
      add(entries) {
        const { items, trees } = get()
        set({
          items: new Map([...items, ...entries.map(({ item }) => [item.id, item] as const)]),
          trees: new Map([...trees, ...entries.map(({ item, tree }) => [item.id, tree] as const)]),
        })
        return entries.map(({ item }) => item.id)
      },
      async entries(ids) {
        const wanted = ids ? ids.map(itemAt) : listed(get().items.values())
        const entries: Entry[] = []
        for (const item of wanted) {
          const tree = await keeper.read(item)
          if (tree) entries.push({ item, tree })
        }
        return entries
      },
      flush: () => keeper.flush(),
      close: () => keeper.close(),
    }
  })
}
