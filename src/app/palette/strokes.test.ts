import { expect, test } from 'vitest'
import { isPressed, isWordMove, type Stroke, shownStroke, strokes } from './strokes.ts'

const press = (key: string, held: Partial<Parameters<typeof isPressed>[0]> = {}) => ({
  key,
  code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
})

test('Ctrl and ⌘ both act, and nothing held beside them', () => {
  expect(isPressed(press('k', { ctrlKey: true }), strokes.palette)).toBe(true)
  expect(isPressed(press('k', { metaKey: true }), strokes.palette)).toBe(true)
  expect(isPressed(press('k'), strokes.palette)).toBe(false)
  expect(isPressed(press('k', { ctrlKey: true, altKey: true }), strokes.palette)).toBe(false)
  expect(isPressed(press('K', { ctrlKey: true, shiftKey: true }), strokes.palette)).toBe(false)
})

test('Shift tells one letter’s keys apart', () => {
  const redo = press('Z', { ctrlKey: true, shiftKey: true })
  expect([isPressed(redo, strokes.undo), isPressed(redo, strokes.redo)]).toEqual([false, true])
})

test('a sign is the sign, however a layout types it', () => {
  expect(isPressed(press('?', { shiftKey: true }), strokes.keys)).toBe(true)
  expect(isPressed(press('?'), strokes.keys)).toBe(true)
  expect(isPressed(press('？', { shiftKey: true }), strokes.keys)).toBe(true)
})

test('a letter’s place acts on a keyboard without Latin letters, a Latin one by what is on it', () => {
  expect(isPressed(press('л', { code: 'KeyK', ctrlKey: true }), strokes.palette)).toBe(true)
  expect(isPressed(press('t', { code: 'KeyK', ctrlKey: true }), strokes.palette)).toBe(false)
})

test('Apple’s keyboards have signs, and move by words with Alt', () => {
  const [redo] = strokes.redo
  expect(shownStroke(redo, true)).toBe('⇧⌘Z')
  expect(shownStroke(redo, false)).toBe('Ctrl+Shift+Z')
  expect(shownStroke(strokes.previous[0], false)).toBe('Alt+←')
  expect(isWordMove(press('ArrowLeft', { altKey: true }), true)).toBe(true)
  expect(isWordMove(press('ArrowLeft', { altKey: true }), false)).toBe(false)
})

test('no key does two things', () => {
  const all = Object.values<readonly Stroke[]>(strokes).flatMap((own) => own.map((stroke) => shownStroke(stroke)))
  expect(new Set(all).size).toBe(all.length)
})
