import { expect, it } from 'vitest'
import { type History, redo, startingWith, step, type, undo } from './history.ts'
import { begun, blank, continued, editBetween } from './manuscript.ts'

const key = (history: History, text: string, timeMs: number, caret = text.length) =>
  type(history, editBetween(history.now.text, text, caret), timeMs)

it('takes typing in one go as one step', () => {
  let history = startingWith(blank())
  for (const [i, text] of ['O', 'On', 'Onc', 'Once'].entries()) history = key(history, text, i * 100)
  expect(history.past).toHaveLength(1)
  expect(undo(history).now.text).toBe('')
  expect(redo(undo(history)).now.text).toBe('Once')
})

it('begins a step after a pause, elsewhere, and when deleting', () => {
  let history = key(startingWith(blank()), 'a', 0)
  history = key(history, 'ab', 5000)
  expect(undo(history).now.text).toBe('a')
  history = key(history, 'xab', 5100, 1)
  expect(undo(history).now.text).toBe('ab')
  history = key(history, 'ab', 5200, 0)
  expect(undo(history).now.text).toBe('xab')
})

it('joins deletions backwards and forwards', () => {
  let history = startingWith(blank('abcd'))
  history = key(history, 'abc', 0, 3)
  history = key(history, 'ab', 100, 2)
  expect(undo(history).now.text).toBe('abcd')
  history = startingWith(blank('abcd'))
  history = key(history, 'bcd', 0, 0)
  history = key(history, 'cd', 100, 0)
  expect(undo(history).now.text).toBe('abcd')
})

it('undoes a continuation as one step, and the typing before it as another', () => {
  const typed = key(startingWith(blank('Once')), 'Once upon', 0)
  const written = step(typed, continued(begun(typed.now, 1), ' a time', 2))
  expect(undo(written).now.text).toBe('Once upon')
  expect(undo(undo(written)).now.text).toBe('Once')
  expect(redo(redo(undo(undo(written)))).now).toEqual(written.now)
})

it('forgets what was undone once something else happens', () => {
  const history = key(undo(key(startingWith(blank()), 'a', 0)), 'b', 100)
  expect(history.future).toEqual([])
  expect(redo(history).now.text).toBe('b')
})

it('has nothing to undo at the beginning, or redo at the end', () => {
  const history = startingWith(blank('a'))
  expect(undo(history).now).toBe(history.now)
  expect(redo(history).now).toBe(history.now)
})

it('keeps a bounded number of steps', () => {
  let history = startingWith(blank())
  for (let i = 1; i <= 300; i++) history = key(history, 'x'.repeat(i), i * 5000)
  expect(history.past).toHaveLength(200)
})
