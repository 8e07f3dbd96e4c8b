/** The bytes of tokens, one after the other, are the text that they decode to. */
import { describe, expect, test } from 'vitest'
import { readGoldenTokenizer } from '../../test/reference/tokenizers/read.ts'
import { createTokenizer } from './index.ts'

const NAMES = [
  ...['gpt2', 'llama2', 'openai-gpt', 'minimind', 'unigram', 'unigram-bytes', 'replace-bytes', 'metaspace-bytes'],
  ...['digits', 'split-digits', 'split-bytes', 'punctuation'],
]

describe.each(NAMES)('%s', async (name) => {
  const golden = readGoldenTokenizer(name)
  const tokenizer = await createTokenizer(golden.tokenizer, undefined)

  test('a text is its bytes, but for a space at either end', () => {
    let checked = 0
    for (const { ids, text } of golden.cases) {
      const bytes = ids.flatMap((id) => [...(tokenizer.tokenBytes(id) ?? [])])
      const joined = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))
      const decoded = tokenizer.decode(ids, { partial: true })
      if (text.includes('▁')) continue // a space to these tokenizers
      expect([decoded, ` ${decoded}`, `${decoded} `]).toContain(joined)
      checked++
    }
    expect(checked).toBeGreaterThan(30)
  })
})

test('a token may be a part of a character', async () => {
  for (const name of ['gpt2', 'llama2']) {
    const golden = readGoldenTokenizer(name)
    const tokenizer = await createTokenizer(golden.tokenizer, undefined)
    const ids = tokenizer.encode('𓂀', { addSpecialTokens: false })
    const bytes = ids.flatMap((id) => [...tokenizer.tokenBytes(id)!])
    expect(bytes.slice(-4)).toEqual([...new TextEncoder().encode('𓂀')])
    expect(ids.length).toBeGreaterThan(2)
  }
})

test('special tokens and ids that are none have no bytes', async () => {
  const tokenizer = await createTokenizer(readGoldenTokenizer('llama2').tokenizer, undefined)
  expect([0, 1, 2, 32_000].map(tokenizer.tokenBytes)).toEqual([undefined, undefined, undefined, undefined])
})

test('where a token says nothing alone, it is said', async () => {
  const tokenizer = await createTokenizer(readGoldenTokenizer('wordpiece').tokenizer, undefined)
  expect(() => tokenizer.tokenBytes(100)).toThrow(expect.objectContaining({ code: 'unsupported' }))
})
