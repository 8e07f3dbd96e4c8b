import 'fake-indexeddb/auto'
import { afterEach, expect, it, vi } from 'vitest'
import { begun, branches, grown, manuscriptAt, stepped } from './edit-tree.ts'
import { type Entry, isDocument, textOf } from './entry.ts'
import { atEnd, run } from './fixture.ts'
import { newStamp } from './ids.ts'
import { TRASH_MS } from './item.ts'
import { openStorage, type Storage } from './storage.ts'
import { createLibrary } from './store.ts'
import { redone, regrown, undone } from './tree.ts'
import { said } from './turn-tree.ts'

type Library = ReturnType<typeof createLibrary>

const opened: Library[] = []
afterEach(async () => {
  for (const library of opened.splice(0)) await library.getState().close()
})

let count = 0
const fresh = () => `library-${count++}`

/** A tab of the page, whose library is `name`. */
async function tab(name: string, change: (storage: Storage) => Storage = (s) => s, before: readonly Entry[] = []) {
  const library = createLibrary(change(openStorage(name, () => before)), new BroadcastChannel(name))
  opened.push(library)
  await library.getState().start()
  return library
}

function textIn(library: Library, id = library.getState().current ?? ''): string {
  const tree = library.getState().trees.get(id)
  return tree ? textOf(tree) : ''
}

const append = (library: Library, id: string, words: string) =>
  library.getState().edit(id, (tree) => stepped(tree, atEnd(manuscriptAt(tree).text, words), newStamp()))

it('brings back items, their trees, and where the reader was', async () => {
  const name = fresh()
  const first = await tab(name)
  const text = first.getState().create('text', { text: 'Once', folder: 'Stories' })
  append(first, text, ' upon')
  append(first, text, ' a time')
  first.getState().edit(text, undone)
  const chat = first.getState().create('chat', { system: 'Be brief.' })
  first.getState().converse(chat, (tree) => said(tree, 'Why?', newStamp()))
  first.getState().choose(text, { title: 'A story', pinned: true })
  await first.getState().flush()

  const second = await tab(name)
  expect(second.getState().items).toEqual(first.getState().items)
  await second.getState().open(text)
  expect(textIn(second)).toBe('Once upon')
  expect(second.getState().trees.get(text)?.nodes).toEqual(first.getState().trees.get(text)?.nodes)
  second.getState().edit(text, redone)
  expect(textIn(second)).toBe('Once upon a time')
  await second.getState().open(chat)
  expect(textIn(second)).toBe('Why?')
  expect(second.getState().items.get(chat)).toMatchObject({ beginning: 'Why?', system: 'Be brief.' })
})

it('has what was streamed half a second ago, if the page crashes', async () => {
  const name = fresh()
  const first = await tab(name)
  const id = first.getState().create('text', { text: 'Once' })
  const stamp = newStamp()
  first.getState().edit(id, (tree) => begun(tree, { edit: atEnd('Once', ''), run, stamp }))
  first.getState().edit(id, (tree) => grown(tree, stamp.id, ' upon', 1))
  const stored = openStorage(name, () => [])
  await vi.waitFor(async () => expect(await stored.nodes(id)).toHaveLength(2), 3000)
  // And so it goes on, while the text for search waits for its longer pause.
  for (const nodes of [3, 4]) {
    append(first, id, ' more')
    await vi.waitFor(async () => expect(await stored.nodes(id)).toHaveLength(nodes), 3000)
  }
  await stored.close()
  const second = await tab(name)
  expect(textIn(second)).toBe('Once upon more more')
})

it('writes only what changed', async () => {
  const written: number[] = []
  const library = await tab(fresh(), (storage) => ({
    ...storage,
    write: (changes) => {
      written.push(changes.nodes.length)
      return storage.write(changes)
    },
  }))
  const id = library.getState().create('text', { text: 'Once' })
  await library.getState().flush()
  append(library, id, ' upon')
  await library.getState().flush()
  await library.getState().flush()
  expect(written).toEqual([1, 1])
})

it('notices what another tab does, and loses no words of either', async () => {
  const name = fresh()
  const one = await tab(name)
  const id = one.getState().create('text', { text: 'Once' })
  await one.getState().flush()
  const two = await tab(name)
  append(one, id, ' upon')
  one.getState().choose(id, { title: 'Ours' })
  append(two, id, ' more')
  await Promise.all([one.getState().flush(), two.getState().flush()])
  for (const library of [one, two])
    await vi.waitFor(() => {
      const tree = library.getState().trees.get(id)
      const texts = tree && isDocument(tree) ? branches(tree).map((b) => manuscriptAt(tree, b.id).text) : []
      expect(texts.toSorted()).toEqual(['Once more', 'Once upon'])
    })
  expect(textIn(one)).toBe('Once upon')
  expect(textIn(two)).toBe('Once more')
})

it('keeps a node as it was built on, though it grew in another tab', async () => {
  const name = fresh()
  const one = await tab(name)
  const id = one.getState().create('text', { text: 'Once' })
  const stamp = newStamp()
  one.getState().edit(id, (tree) => begun(tree, { edit: atEnd('Once', ''), run, stamp }))
  one.getState().edit(id, (tree) => grown(tree, stamp.id, ' upon', 1))
  await one.getState().flush()
  const two = await tab(name)
  append(two, id, '!')
  one.getState().edit(id, (tree) => grown(tree, stamp.id, ' a time', 2))
  const [, written] = [two.getState().flush(), one.getState().flush()]
  await written
  await vi.waitFor(() => expect(one.getState().trees.get(id)?.nodes.size).toBe(4))
  await one.getState().flush()
  const three = await tab(name)
  const tree = three.getState().trees.get(id)
  const texts = tree && isDocument(tree) ? branches(tree).map((b) => manuscriptAt(tree, b.id).text) : []
  expect(texts.toSorted()).toEqual(['Once upon a time', 'Once upon!'])
})

it('works on in memory where storage refuses or is full, and says so', async () => {
  for (const [name, keeping] of [
    ['SecurityError', 'refused'],
    ['QuotaExceededError', 'full'],
  ]) {
    let refuses = true
    const library = await tab(fresh(), (storage) => ({
      ...storage,
      write: (changes) => (refuses ? Promise.reject(new DOMException('no', name)) : storage.write(changes)),
    }))
    const id = library.getState().create('text', { text: 'Once' })
    await library.getState().flush()
    append(library, id, ' upon')
    expect(library.getState().keeping).toBe(keeping)
    expect(textIn(library)).toBe('Once upon')
    expect(await library.getState().find('upon')).toHaveLength(1)
    refuses = false
    await library.getState().flush()
    expect(library.getState().keeping).toBe('kept')
  }
})

it('never takes a refused reading for an empty text', async () => {
  const name = fresh()
  const first = await tab(name)
  const id = first.getState().create('text', { text: 'Once' })
  await first.getState().flush()
  const second = await tab(name, (storage) => ({ ...storage, nodes: () => Promise.reject(new DOMException('no')) }))
  expect(await second.getState().open(id)).toBe(false)
  await second.getState().flush()
  expect(textIn(await tab(name))).toBe('Once')
})

it('sets broken records aside, and opens what search knows of a text without a root', async () => {
  const name = fresh()
  const first = await tab(name)
  const id = first.getState().create('text', { text: 'Once' })
  append(first, id, ' upon')
  await first.getState().close()
  const storage = openStorage(name, () => [])
  const [root] = (await storage.nodes(id)).filter((node) => !(node as { parent?: string }).parent)
  const broken = { ...(root as object), edit: 'x' }
  const nothing = { items: [], nodes: [], places: [], texts: [], gone: [] }
  await storage.write({ ...nothing, nodes: [{ item: id, node: broken as never, amends: false }] })
  await storage.write({ ...nothing, items: [{ id: 'odd', kind: 'poem' } as never] })
  await storage.close()
  const second = await tab(name)
  expect(second.getState().aside).toBe(3)
  expect([...second.getState().items.keys()]).toEqual([id])
  expect(textIn(second)).toBe('Once upon')
})

it('deletes with undo, and for good after thirty days', async () => {
  const name = fresh()
  const first = await tab(name)
  const id = first.getState().create('text', { text: 'Once' })
  const { trash, restore, flush } = first.getState()
  trash(id)
  expect(first.getState().current).toBeUndefined()
  expect(await first.getState().find('once')).toEqual([])
  restore(id)
  expect(await first.getState().find('once')).toHaveLength(1)
  trash(id)
  await flush()
  expect((await tab(name)).getState().items.size).toBe(1)
  vi.setSystemTime(Date.now() + TRASH_MS + 1000)
  const later = await tab(name)
  vi.useRealTimers()
  expect(later.getState().items.size).toBe(0)
  await later.getState().flush()
  expect(await openStorage(name, () => []).nodes(id)).toEqual([])
})

it('finds items that are not open, and what another tab wrote since', async () => {
  const name = fresh()
  const first = await tab(name)
  const poem = first.getState().create('text', { text: '春眠不觉晓' })
  first.getState().create('text', { text: 'Once' })
  await first.getState().flush()
  const second = await tab(name)
  expect((await second.getState().find('不觉')).map(({ item }) => item.id)).toEqual([poem])
  append(first, poem, '，处处闻啼鸟')
  await first.getState().flush()
  await vi.waitFor(async () => expect(await second.getState().find('啼鸟')).toHaveLength(1))
})

it('begins with what was kept before there was a library, once', async () => {
  const name = fresh()
  const donor = await tab(fresh())
  donor.getState().create('text', { text: 'Kept' })
  const before = await donor.getState().entries()
  const first = await tab(name, undefined, before)
  expect(textIn(first)).toBe('Kept')
  await first.getState().flush()
  expect((await tab(name, undefined, before)).getState().items.size).toBe(1)
})

it('refuses to edit what is not open or of another kind', async () => {
  const library = await tab(fresh())
  const chat = library.getState().create('chat')
  expect(() => library.getState().edit(chat, undone)).toThrow('of another kind')
  expect(() => library.getState().edit('none', (tree) => regrown(tree, 'x'))).toThrow('not open')
})
