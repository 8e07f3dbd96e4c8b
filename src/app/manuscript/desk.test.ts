import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { EngineHost } from '../engine/host.ts'
import { manuscriptAt, stepped } from '../library/edit-tree.ts'
import { newStamp } from '../library/ids.ts'
import { openStorage } from '../library/storage.ts'
import { createLibrary } from '../library/store.ts'
import { builtIns } from '../models/built-in.ts'
import { useApp } from '../store/app.ts'
import { tendDesk } from './desk.ts'
import { itemOf, type Library, manuscriptOf, treeOf } from './open-text.ts'

const fresh = useApp.getInitialState()
beforeEach(() => useApp.setState(fresh, true))

const opened: Library[] = []
afterEach(async () => {
  for (const library of opened.splice(0)) await library.getState().close()
})

let count = 0
async function desk({ asked = false, name = `desk-${count++}` } = {}) {
  const library = createLibrary(openStorage(name, () => []))
  opened.push(library)
  const follow = vi.fn(async (model: Parameters<EngineHost['follow']>[0]) => {
    if (model.kind !== 'files') useApp.getState().setModel(model)
  })
  const stop = vi.fn()
  await tendDesk(useApp, library, { follow, stop } as Partial<EngineHost> as EngineHost, asked)
  const append = (words: string) => {
    const tree = treeOf(library.getState())!
    const start = manuscriptAt(tree).text.length
    library
      .getState()
      .edit(library.getState().current!, (t) => stepped(t, { start, removed: 0, inserted: words }, newStamp()))
  }
  return { library, name, follow, stop, append, text: () => manuscriptOf(library.getState()).text }
}

it('begins with the beginning that the model can continue', async () => {
  const { text } = await desk()
  expect(text()).toBe(builtIns.stories.beginning)
})

it('keeps a text for each built-in model', async () => {
  const { text, append, library } = await desk()
  append(' mine')
  useApp.getState().setModel({ kind: 'built-in', id: 'poems' })
  await vi.waitFor(() => expect(text()).toBe('春晓\n'))
  useApp.getState().setModel({ kind: 'built-in', id: 'stories' })
  await vi.waitFor(() => expect(text()).toMatch(/mine$/))
  expect(library.getState().items.size).toBe(2)
})

it('comes back to the text that was open, not to the latest', async () => {
  const first = await desk()
  const story = first.library.getState().current!
  first.library.getState().create('text', { text: 'Other', model: { kind: 'built-in', id: 'stories' } })
  await first.library.getState().open(story)
  await first.library.getState().flush()
  expect(useApp.getState().open).toBe(story)
  const second = await desk({ name: first.name })
  expect(second.library.getState().current).toBe(story)
})

it('lets models from elsewhere share a text, and opens none of theirs unasked', async () => {
  const { library, text, append } = await desk()
  useApp.getState().setModel({ kind: 'url', url: 'a/b' })
  await vi.waitFor(() => expect(text()).toBe(''))
  append('Mine')
  useApp.getState().setModel({ kind: 'url', url: 'c/d' })
  expect(text()).toBe('Mine')
  expect(itemOf(library.getState())?.model).toEqual({ kind: 'url', url: 'c/d' })
})

it('loads the model of a text that is opened, and stops what another wrote', async () => {
  const { library, follow, stop } = await desk()
  const story = library.getState().current!
  library.getState().create('text', { model: { kind: 'built-in', id: 'poems' } })
  expect(follow).toHaveBeenCalledExactlyOnceWith({ kind: 'built-in', id: 'poems' })
  useApp.setState({ phase: 'writing' })
  await library.getState().open(story)
  expect(stop).toHaveBeenCalledTimes(1)
})

it('brings the sampling of each text', async () => {
  const { library } = await desk()
  const story = library.getState().current!
  useApp.getState().setParameter('topK', 5)
  const other = library.getState().create('text', {})
  expect(useApp.getState().sampling.values).toEqual({})
  await library.getState().open(story)
  expect(useApp.getState().sampling.values).toEqual({ topK: 5 })
  expect(library.getState().items.get(other)?.sampling.values).toEqual({})
})

it('opens another text when the open one is deleted, and makes one when it was the last', async () => {
  const { library, text } = await desk()
  const first = library.getState().current!
  library.getState().trash(first)
  await vi.waitFor(() => expect(text()).toBe(builtIns.stories.beginning))
  expect(library.getState().current).not.toBe(first)
})
