import { expect, it } from 'vitest'
import type { Model } from '../../index.ts'
import { smallModel } from './fixture.ts'
import { contextUse, promptIds } from './prompt.ts'

const START = 0

/** A model whose tokens are the text's characters behind a start token. */
function model(context: number, hasTokenizer = true): Pick<Model, 'tokenizer' | 'info'> {
  const info = { ...smallModel, context, hasTokenizer, endOfText: [START] }
  const encode = (text: string) => [START, ...[...text].map((letter) => letter.charCodeAt(0))]
  const decode = (ids: readonly number[]) => String.fromCharCode(...ids)
  return { info, tokenizer: { encode, decode } }
}

it('gives the whole text while it leaves room to write', () => {
  const { ids, total } = promptIds('a'.repeat(40), model(64))
  expect(ids).toHaveLength(41)
  expect(total).toBe(41)
})

it('gives the latest half of a context behind the start token when it does not', () => {
  const { ids, total, kept } = promptIds(`${'a'.repeat(100)}z`, model(64), { keep: 0 })
  expect(ids).toHaveLength(32)
  expect(ids[0]).toBe(START)
  expect(ids.at(-1)).toBe('z'.charCodeAt(0))
  expect([total, kept]).toEqual([102, 1])
})

it('keeps how the text began, at most a quarter of a context', () => {
  const codes = (text: string) => [...text].map((letter) => letter.charCodeAt(0))
  const text = `abc${'-'.repeat(100)}z`
  const some = promptIds(text, model(64), { keep: 2 })
  expect(some.ids).toEqual([START, ...codes(`ab${'-'.repeat(28)}z`)])
  expect(some.gone).toEqual(codes(`c${'-'.repeat(72)}`))
  const many = promptIds(text, model(64), { keep: 1000 })
  expect(many.kept).toBe(17)
  expect(many.ids).toHaveLength(32)
})

it('puts a summary in place of what is left out, at most a quarter of a context', () => {
  const codes = (text: string) => [...text].map((letter) => letter.charCodeAt(0))
  const plain = { ...model(64), tokenizer: { encode: codes, decode: model(64).tokenizer.decode } }
  const text = `abc${'-'.repeat(100)}z`
  const some = promptIds(text, plain, { keep: 2, summary: { words: ' hm ', covers: 50 } })
  expect(some.ids).toEqual(codes(`ab\n\nhm\n\n${'-'.repeat(29)}z`))
  expect(some).toMatchObject({ kept: 2, summary: 6, total: 104 })
  expect(promptIds(text, plain, { keep: 2, summary: { words: 'x'.repeat(99), covers: 0 } }).summary).toBe(16)
  expect(promptIds('abc', plain, { keep: 2, summary: { words: 'hm', covers: 0 } }).ids).toEqual(codes('abc'))
  const use = (covers: number) => contextUse(text, plain, { keep: 2, summary: { words: 'hm', covers } })
  expect(use(50)).toMatchObject({ seen: 32, unsummarised: 22 })
  expect(use(72)).toMatchObject({ unsummarised: 0 })
})

it('leaves nothing out where writing is to stop', () => {
  expect(promptIds('a'.repeat(100), model(64), 'stop')).toMatchObject({ total: 101, gone: [] })
})

it('begins where documents begin when a tokenizer adds nothing', () => {
  const { info } = model(64)
  expect(promptIds('', { info, tokenizer: { encode: () => [], decode: () => '' } }).ids).toEqual([START])
})

it('counts what the model sees', () => {
  const gone = { from: 'aaaaaa', to: 'aaaaaa' }
  expect(contextUse('a'.repeat(100), model(64), { keep: 4 })).toEqual({ text: 101, seen: 32, kept: 5, gone })
  expect(contextUse('abc', model(64))).toEqual({ text: 4, seen: 4, kept: 0 })
  expect(contextUse('abc', model(64, false))).toBeUndefined()
})
