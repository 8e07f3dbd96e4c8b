import { expect, it } from 'vitest'
import {
  addressOf,
  atRevision,
  inPrecision,
  isSameChoice,
  isSameModel,
  modelInAddress,
  shortName,
  sourceOf,
} from './choice.ts'

it('finds built-in models beside the page, in any folder', () => {
  const base = 'https://host/some/path/index.html'
  expect(sourceOf({ kind: 'built-in', id: 'stories' }, base)).toBe('https://host/some/path/models/stories-3m/')
  expect(sourceOf({ kind: 'url', url: 'org/name' }, base)).toBe('org/name')
})

it('asks for a model of the hub at one revision', () => {
  const at = (url: string) => atRevision({ kind: 'url', url, weights: 'q8' }, '0abc').url
  expect(at('org/name')).toBe('org/name@0abc')
  expect(at('org/name@refs/pr/1')).toBe('org/name@0abc')
  expect(at('https://huggingface.co/org/name/')).toBe('https://huggingface.co/org/name/tree/0abc')
  expect(at('https://hub/org/name/blob/main/a/b.gguf')).toBe('https://hub/org/name/blob/0abc/a/b.gguf')
  expect(at('https://hub/org/name/tree/refs/pr/1/a')).toBe('https://hub/org/name/tree/0abc/a')
  expect(at('https://hub/org/name/tree/refs%2Fpr%2F1')).toBe('https://hub/org/name/tree/0abc')
})

it('reads a model from the address', () => {
  expect(modelInAddress('?model=https://host/my-model')).toEqual({ kind: 'url', url: 'https://host/my-model/' })
  expect(modelInAddress('?model=org/name&weights=q4')).toEqual({ kind: 'url', url: 'org/name', weights: 'q4' })
  expect(modelInAddress('?model=org/name&weights=q1')).toEqual({ kind: 'url', url: 'org/name' })
  expect(modelInAddress('?other=1')).toBeUndefined()
})

it('reads a GGUF file and a model of the hub from the address', () => {
  for (const url of ['https://host/model.gguf', 'org/name', 'org/name@refs/pr/3']) {
    expect(modelInAddress(`?model=${url}`)).toEqual({ kind: 'url', url })
  }
})

it('writes a model into the address, unless there may be a secret in it', () => {
  const page = 'https://host/page/?model=other&lang=en#x'
  const named = addressOf({ kind: 'url', url: 'org/name@refs/pr/3', weights: 'q4' }, page)
  expect(modelInAddress(new URL(named).search)).toEqual({ kind: 'url', url: 'org/name@refs/pr/3', weights: 'q4' })
  expect(named).toMatch(/lang=en.*#x$/)
  for (const choice of [
    { kind: 'built-in', id: 'poems' },
    { kind: 'url', url: 'https://host/model.gguf?signature=1' },
    { kind: 'files', name: 'mine', files: [] },
  ] as const) {
    expect(addressOf(choice, page)).toBe('https://host/page/?lang=en#x')
  }
})

it('calls a model by the last part of its address', () => {
  expect(shortName('org/name')).toBe('name')
  expect(shortName('https://host/a/my%20model/')).toBe('my model')
  expect(shortName('https://host/a/100%/?token=1')).toBe('100%')
})

it('knows the same model in another precision', () => {
  const files: File[] = []
  expect(isSameModel({ kind: 'url', url: 'a/b' }, { kind: 'url', url: 'a/b', weights: 'q8' })).toBe(true)
  expect(isSameModel({ kind: 'url', url: 'a/b' }, { kind: 'url', url: 'a/c' })).toBe(false)
  expect(isSameModel({ kind: 'files', name: 'a', files }, { kind: 'files', name: 'a', files })).toBe(true)
  expect(isSameModel({ kind: 'files', name: 'a', files }, { kind: 'files', name: 'a', files: [] })).toBe(false)
  expect(isSameModel({ kind: 'built-in', id: 'poems' }, { kind: 'built-in', id: 'stories' })).toBe(false)
})

it('tells precisions of a model apart only where that is asked', () => {
  const rounded = inPrecision({ kind: 'built-in', id: 'stories' }, 'q4')
  const plain = inPrecision(rounded, undefined)
  expect(plain).toEqual({ kind: 'built-in', id: 'stories' })
  expect([isSameModel(rounded, plain), isSameChoice(rounded, plain)]).toEqual([true, false])
})
