import { expect, it } from 'vitest'
import { languageOf, prepared } from './built-in.ts'

it('leaves the space before the next word to the model, and gives a title its line break', () => {
  expect(prepared('Once upon a time ', false)).toBe('Once upon a time')
  expect(prepared('Once\n', false)).toBe('Once\n')
  expect(prepared('春晓', true)).toBe('春晓\n')
  expect(prepared('春晓\n春眠', true)).toBe('春晓\n春眠')
  expect(prepared('', true)).toBe('')
})

it('guesses the language of a text by its script', () => {
  expect(languageOf(undefined, 'Once', 'zh-CN')).toBe('en')
  expect(languageOf(undefined, '春晓', 'en')).toBe('zh-CN')
  expect(languageOf('poems', 'Once', 'en')).toBe('zh-CN')
  expect(languageOf('poems', '', 'en')).toBe('en')
})
