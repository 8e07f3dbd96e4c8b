import { expect, it } from 'vitest'
import type { Model } from '../../index.ts'
import { smallModel } from './fixture.ts'
import { contextUse, promptIds } from './prompt.ts'

const START = 0

/** A model whose tokens are the text's characters behind a start token. */
function model(context: number, hasTokenizer = true): Pick<Model, 'tokenizer' | 'info'> {
  const info = { ...smallModel, context, hasTokenizer, endOfText: [START] }
  const encode = (text: string) => [START, ...[...text].map((letter) => letter.charCodeAt(0))]
  return { info, tokenizer: { encode, decode: () => '' } }
}

it('gives the whole text while it leaves room to write', () => {
  const { ids, total } = promptIds('a'.repeat(40), model(64))
  expect(ids).toHaveLength(41)
  expect(total).toBe(41)
})

it('gives the latest half of a context behind the start token when it does not', () => {
  const { ids, total } = promptIds(`${'a'.repeat(100)}z`, model(64))
  expect(ids).toHaveLength(32)
  expect(ids[0]).toBe(START)
  expect(ids.at(-1)).toBe('z'.charCodeAt(0))
  expect(total).toBe(102)
})

it('begins where documents begin when a tokenizer adds nothing', () => {
  const { info } = model(64)
  expect(promptIds('', { info, tokenizer: { encode: () => [], decode: () => '' } }).ids).toEqual([START])
})

it('counts what the model sees', () => {
  expect(contextUse('a'.repeat(100), model(64))).toEqual({ text: 101, seen: 32 })
  expect(contextUse('abc', model(64))).toEqual({ text: 4, seen: 4 })
  expect(contextUse('abc', model(64, false))).toBeUndefined()
})
