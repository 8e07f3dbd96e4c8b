import { expect, it } from 'vitest'
import { smallModel } from '../../engine/fixture.ts'
import { offsetOf, wordsOf } from './choice.ts'

const WORDS = ['<end>', '▁Once', '▁upon', '▁a', '\uFFFD']
const model = {
  info: smallModel,
  tokenizer: {
    encode: () => [],
    decode: (ids: readonly number[]) =>
      ids
        .map((id) => WORDS[id])
        .join('')
        .replaceAll('▁', ' ')
        .replace(/^ /, ''),
  },
}
const shown = (...texts: string[]) => texts.map((text, id) => ({ id: id + 1, text }))

it('finds where a token stands, also where the model sees the end of a text only', () => {
  const tokens = shown('Once', ' upon', ' a')
  expect([0, 1, 2].map((position) => offsetOf('Once upon a', tokens, position))).toEqual([0, 4, 9])
  expect(offsetOf('What came before. Once upon a', tokens, 1)).toBe(22)
  expect(offsetOf('Another text', tokens, 1)).toBeUndefined()
})

it('finds no place within a character', () => {
  const tokens = shown('a', '', '', '字')
  expect(offsetOf('a字', tokens, 1)).toBe(1)
  expect(offsetOf('a字', tokens, 2)).toBeUndefined()
})

it('spells a token as it would stand there', () => {
  const tokens = shown('Once', ' upon', ' a')
  expect(wordsOf(tokens, 2, 3, model)).toBe(' a')
  expect(wordsOf(tokens, 0, 3, model)).toBe('a')
  expect(wordsOf(tokens, 1, 0, model)).toBeUndefined()
  expect(wordsOf(tokens, 1, 4, model)).toBeUndefined()
})
