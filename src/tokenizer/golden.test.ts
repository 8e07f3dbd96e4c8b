/** Tokenizers of every kind agree with the library that models are trained with. */
import { describe, expect, test } from 'vitest'
import { readGoldenTokenizer } from '../../test/reference/tokenizers/read.ts'
import type { Tokenizer } from '../engine/types.ts'
import { createTokenizer } from './index.ts'
import { createTextStream } from './stream.ts'

const NAMES = [
  ...['gpt2', 'llama2', 'openai-gpt', 'minimind'],
  ...['unigram', 'unigram-bytes', 'replace-bytes', 'metaspace-bytes', 'wordpiece'],
  ...['digits', 'split-digits', 'split-bytes', 'punctuation'],
]

describe.each(NAMES)('%s', async (name) => {
  const golden = readGoldenTokenizer(name)
  const tokenizer = await createTokenizer(golden.tokenizer, undefined)
  const shown: Tokenizer = {
    encode: tokenizer.encode,
    decode: (ids, options) => tokenizer.decode(ids, { ...options, skipSpecialTokens: false }),
  }

  test('ids', () => {
    for (const { text, ids, idsWithSpecial } of golden.cases) {
      expect(tokenizer.encode(text, { addSpecialTokens: false }), JSON.stringify(text)).toEqual(ids)
      expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(idsWithSpecial)
    }
  })

  test('texts, whole and cut anywhere', () => {
    for (const { ids, decoded, prefixes } of golden.cases) {
      expect(shown.decode(ids)).toBe(decoded)
      expect(prefixes.map((_, k) => shown.decode(ids.slice(0, k + 1)))).toEqual(prefixes)
    }
  })

  test('texts token by token: all that is whole, and nothing that is not', () => {
    for (const { ids, decoded, prefixes } of golden.cases) {
      const stream = createTextStream(shown)
      let text = ''
      ids.forEach((id, k) => {
        text += stream.push(id)
        expect(decoded.startsWith(text)).toBe(true)
        const prefix = prefixes[k]
        if (prefix !== undefined && decoded.startsWith(prefix) && !prefix.endsWith('\uFFFD')) expect(text).toBe(prefix)
      })
      expect(text + stream.flush()).toBe(decoded)
    }
  })
})
