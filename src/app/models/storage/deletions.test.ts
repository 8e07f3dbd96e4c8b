import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { deleteSoon, leaveDeletions, undoDelete, useDeletions } from './deletions.ts'

const stateOf = (what: string) => useDeletions.getState().get(what)?.state

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  useDeletions.setState(new Map(), true)
  vi.useRealTimers()
})

it('waits before it deletes, and says when it will', async () => {
  const remove = vi.fn(async () => undefined)
  deleteSoon('a', remove)
  expect(useDeletions.getState().get('a')).toMatchObject({ state: 'waiting', at: Date.now() + 8000 })
  await vi.advanceTimersByTimeAsync(7999)
  expect(remove).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(remove).toHaveBeenCalledOnce()
  expect(stateOf('a')).toBeUndefined()
})

it('deletes nothing that is undone, and the others', async () => {
  const [a, b] = [vi.fn(async () => undefined), vi.fn(async () => undefined)]
  deleteSoon('a', a)
  deleteSoon('b', b)
  undoDelete('a')
  await vi.runAllTimersAsync()
  expect(a).not.toHaveBeenCalled()
  expect(b).toHaveBeenCalledOnce()
})

it('deletes at once, and once, where nobody can undo it any more', async () => {
  let finish: () => void = () => undefined
  const remove = vi.fn(() => new Promise<void>((done) => (finish = done)))
  deleteSoon('a', remove)
  leaveDeletions()
  expect(stateOf('a')).toBe('running')
  undoDelete('a') // too late
  leaveDeletions()
  expect(stateOf('a')).toBe('running')
  finish()
  await vi.runAllTimersAsync()
  expect(remove).toHaveBeenCalledOnce()
  expect(stateOf('a')).toBeUndefined()
})

it('keeps why one failed, until it is left or tried again', async () => {
  const remove = vi.fn(() => Promise.reject(new Error('in use')))
  deleteSoon('a', remove)
  await vi.runAllTimersAsync()
  expect(useDeletions.getState().get('a')).toMatchObject({ state: 'failed', error: { message: 'in use' } })
  deleteSoon('a', remove)
  expect(stateOf('a')).toBe('waiting')
  await vi.runAllTimersAsync()
  leaveDeletions()
  expect(stateOf('a')).toBeUndefined()
})
