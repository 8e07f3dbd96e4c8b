/** BPE of a text in one piece, word by word: the same tokens as of the whole. */
import { BPE } from '@huggingface/tokenizers'
import { expect, test, vi } from 'vitest'
import { readGoldenTokenizer } from '../../test/reference/tokenizers/read.ts'
import { createTokenizer } from './index.ts'

/** A merge that joins a word to the space behind it, and that no text here can use: with it, texts stay whole. */
const JOINS: readonly [string, string] = ['\u{1}', '▁\u{1}']

const PIECES = [
  'the',
  'tokenizer',
  ' ',
  '  ',
  '▁',
  '\n',
  'naïve',
  '春江',
  '🙂👩‍👩‍👧',
  '</s>',
  '<0x0A>',
  '\t',
  ',',
  "n't",
  'a',
  ' b',
]

test('random texts, as Llama 2 reads them', async () => {
  const json = readGoldenTokenizer('llama2').tokenizer
  const merges = [...json.model.merges, typeof json.model.merges[0] === 'string' ? JOINS.join(' ') : JOINS]
  const whole = await createTokenizer({ ...json, model: { ...json.model, merges } }, undefined)
  const cut = await createTokenizer(json, undefined)
  let seed = 1
  const random = (below: number) => {
    seed = (seed * 48271) % 0x7fffffff
    return seed % below
  }
  for (let round = 0; round < 500; round++) {
    const text = Array.from({ length: random(40) }, () => PIECES[random(PIECES.length)]).join('')
    expect(cut.encode(text), JSON.stringify(text)).toEqual(whole.encode(text))
  }
})

test('a word is merged alone', async () => {
  const tokenizer = await createTokenizer(readGoldenTokenizer('llama2').tokenizer, undefined)
  const bpe = vi.spyOn(BPE.prototype, 'bpe')
  tokenizer.encode('of one piece, '.repeat(1000))
  expect(Math.max(...bpe.mock.calls.map(([text]) => text.length))).toBe('▁piece,'.length)
  bpe.mockRestore()
})

test('a token that goes on into the next word', async () => {
  const vocab = Object.fromEntries(['a', '▁', 'b', '▁b', 'a▁b'].map((token, id) => [token, id]))
  const merges = ['▁ b', 'a ▁b']
  const normalizer = { type: 'Replace', pattern: { String: ' ' }, content: '▁' }
  const rest = { added_tokens: [], normalizer, pre_tokenizer: null, post_processor: null, decoder: null }
  const tokenizer = await createTokenizer({ ...rest, model: { type: 'BPE', vocab, merges } }, undefined)
  expect(tokenizer.encode('a ba')).toEqual([4, 0])
})
