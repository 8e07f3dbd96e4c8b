import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Session } from '../../index.ts'
import { useLibrary } from '../library/use-library.ts'
import { writingSession } from './fixture.ts'
import { createRecollection } from './recollection.ts'
import { savedName, tendSavedTexts } from './saved-texts.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const session = (calls: string[]): Session => ({
  ...writingSession(async function* () {
    yield* []
    return 'max-tokens'
  }),
  save: async (name) => calls.push(`save ${name}`),
  restore: async (name) => calls.push(`restore ${name}`),
})

const { create, open } = useLibrary.getState()
const recollection = () => createRecollection(useLibrary, ({ current }) => current)

it('brings back what is open, and saves once writing rests', async () => {
  const calls: string[] = []
  const a = create('text')
  const { take, rested } = recollection()
  take(session(calls))
  await vi.advanceTimersByTimeAsync(1)
  rested(a)
  rested(a)
  expect(calls).toEqual([`restore ${savedName(a)}`])
  await vi.runAllTimersAsync()
  expect(calls).toEqual([`restore ${savedName(a)}`, `save ${savedName(a)}`])
})

it('saves what was written before another text is brought back', async () => {
  const calls: string[] = []
  const a = create('text')
  const { take, rested } = recollection()
  take(session(calls))
  await vi.advanceTimersByTimeAsync(1)
  rested(a)
  const b = create('text')
  await vi.runAllTimersAsync()
  await open(a)
  await vi.runAllTimersAsync()
  expect(calls).toEqual([
    `restore ${savedName(a)}`,
    `save ${savedName(a)}`,
    `restore ${savedName(b)}`,
    `restore ${savedName(a)}`,
  ])
})

it('asks nothing of a model that is gone, nor of one that fails', async () => {
  const calls: string[] = []
  const a = create('text')
  const { take, rested } = recollection()
  take({ ...session(calls), restore: () => Promise.reject(new Error('gone')) })
  await vi.advanceTimersByTimeAsync(1)
  rested(a)
  await vi.runAllTimersAsync()
  rested(a)
  take(undefined)
  await vi.runAllTimersAsync()
  expect(calls).toEqual([`save ${savedName(a)}`])
})

it('deletes what is saved of texts that are deleted for good, and nothing of others', async () => {
  vi.useRealTimers()
  await useLibrary.getState().start()
  const [item, other] = [create('text'), create('text')]
  const [a, b] = [savedName(item), savedName(other)]
  const saved = new Set([a, b, savedName('of-long-ago'), 'of somebody else'])
  const clean = tendSavedTexts(useLibrary, () => ({
    list: async () => [],
    delete: async () => undefined,
    texts: async () => [...saved].map((name) => ({ name, source: '', tokens: 1, storedBytes: 1, lastUsed: 0 })),
    deleteTexts: async (names = []) => {
      for (const name of names) saved.delete(name)
    },
    estimate: () => Promise.reject(new Error('not here')),
    persist: async () => false,
  }))
  await clean()
  expect([...saved]).toEqual([a, b, 'of somebody else'])
  useLibrary.getState().trash(item)
  await clean()
  expect([...saved]).toEqual([a, b, 'of somebody else'])
  useLibrary.getState().emptyTrash()
  await vi.waitFor(() => expect([...saved]).toEqual([b, 'of somebody else']))
})
