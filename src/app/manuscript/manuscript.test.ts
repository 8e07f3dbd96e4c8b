import { describe, expect, it } from 'vitest'
import { editBetween, edited, type Manuscript, pieces } from './manuscript.ts'

const story: Manuscript = { text: 'Once upon a time there was a robot.', written: [{ start: 16, end: 35 }] }
const change = (before: Manuscript, after: string, caret?: number) =>
  edited(before, editBetween(before.text, after, caret))

describe('editBetween', () => {
  it('finds what was typed, deleted and replaced', () => {
    expect(editBetween('ab', 'aXb', 2)).toEqual({ start: 1, removed: 0, inserted: 'X' })
    expect(editBetween('abc', 'ac', 1)).toEqual({ start: 1, removed: 1, inserted: '' })
    expect(editBetween('one two', 'one three', 9)).toEqual({ start: 5, removed: 2, inserted: 'hree' })
    expect(editBetween('', 'abc')).toEqual({ start: 0, removed: 0, inserted: 'abc' })
    expect(editBetween('abc', 'abc')).toEqual({ start: 3, removed: 0, inserted: '' })
  })

  it('lets the caret decide between equal letters', () => {
    expect(editBetween('aa', 'aaa', 1)).toEqual({ start: 0, removed: 0, inserted: 'a' })
    expect(editBetween('aa', 'aaa', 3)).toEqual({ start: 2, removed: 0, inserted: 'a' })
  })

  it('changes whole characters', () => {
    expect(editBetween('a👩b', 'a👨b', 3)).toEqual({ start: 1, removed: 2, inserted: '👨' })
    expect(editBetween('a🌀b', 'a🐀b', 3)).toEqual({ start: 1, removed: 2, inserted: '🐀' })
  })

  it('gives an edit that makes the second text of the first, whatever they are', () => {
    const texts = ['', 'a', 'aa', 'aba', 'abab', 'baab', '春晓\n春眠', '春眠\n春晓', '👩‍🚀a']
    for (const before of texts)
      for (const after of texts)
        for (let caret = 0; caret <= after.length; caret++)
          expect(edited({ text: before, written: [] }, editBetween(before, after, caret)).text).toBe(after)
  })
})

describe('the words that the model wrote', () => {
  it('move with what is typed before them', () => {
    expect(change(story, `And ${story.text}`, 4).written).toEqual([{ start: 20, end: 39 }])
  })

  it('are split by what is typed inside them', () => {
    const after = change(story, 'Once upon a time there was a red robot.', 33)
    expect(pieces(after)).toEqual([
      { text: 'Once upon a time', by: 'reader' },
      { text: ' there was a ', by: 'model' },
      { text: 'red ', by: 'reader' },
      { text: 'robot.', by: 'model' },
    ])
  })

  it('shrink with what is deleted, and vanish with the last of them', () => {
    expect(change(story, 'Once upon a time there', 22).written).toEqual([{ start: 16, end: 22 }])
    expect(change(story, 'Once upon', 9).written).toEqual([])
    expect(change(story, 'Once a robot.', 5).written).toEqual([{ start: 5, end: 13 }])
  })

  it('do not grow by what is typed at their edges', () => {
    expect(change(story, `${story.text}!`).written).toEqual(story.written)
    expect(change(story, 'Once upon a time, there was a robot.', 17).written).toEqual([{ start: 17, end: 36 }])
  })
})
