import { expect, it } from 'vitest'
import { folderName, languageOf, modelInAddress, prepared, sourceOf } from './models.ts'

it('finds built-in models beside the page, in any folder', () => {
  const base = 'https://host/some/path/index.html'
  expect(sourceOf({ kind: 'built-in', id: 'stories' }, base)).toBe('https://host/some/path/models/stories-3m/')
  expect(sourceOf({ kind: 'url', url: '../mine/' }, base)).toBe('https://host/some/mine/')
})

it('reads a model from the address', () => {
  expect(modelInAddress('?model=https://host/my-model')).toEqual({ kind: 'url', url: 'https://host/my-model/' })
  expect(modelInAddress('?other=1')).toBeUndefined()
})

it('reads a GGUF file and a model of the hub from the address', () => {
  for (const url of ['https://host/model.gguf', 'org/name', 'org/name@refs/pr/3']) {
    expect(modelInAddress(`?model=${url}`)).toEqual({ kind: 'url', url })
  }
  expect(sourceOf({ kind: 'url', url: 'org/name' }, 'https://host/')).toBe('org/name')
  expect(sourceOf({ kind: 'url', url: './models/name/' }, 'https://host/')).toBe('https://host/models/name/')
})

it('calls a model by its folder', () => {
  expect(folderName('https://host/a/my%20model/')).toBe('my model')
  expect(folderName('https://host/a/100%/?token=1')).toBe('100%')
})

it('leaves the space before the next word to the model, and gives a title its line break', () => {
  expect(prepared('Once upon a time ', false)).toBe('Once upon a time')
  expect(prepared('Once\n', false)).toBe('Once\n')
  expect(prepared('春晓', true)).toBe('春晓\n')
  expect(prepared('春晓\n春眠', true)).toBe('春晓\n春眠')
  expect(prepared('', true)).toBe('')
})

it('guesses the language of a text by its script', () => {
  expect(languageOf('other', 'Once', 'zh-CN')).toBe('en')
  expect(languageOf('other', '春晓', 'en')).toBe('zh-CN')
  expect(languageOf('poems', 'Once', 'en')).toBe('zh-CN')
  expect(languageOf('poems', '', 'en')).toBe('en')
})
