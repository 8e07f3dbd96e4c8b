import { describe, expect, test } from 'vitest'
import type { Finish, Token, Tokenizer } from '../engine/types.ts'
import { markThinking } from './mark.ts'
import { createThinkingSplitter } from './thinking.ts'

interface Split {
  readonly thoughts: string
  readonly answer: string
}

function split(pieces: readonly string[], prompt = ''): Split {
  const splitter = createThinkingSplitter(prompt)
  const all = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.flush()]
  const join = (thinking: boolean) =>
    all
      .filter((piece) => piece.thinking === thinking)
      .map(({ text }) => text)
      .join('')
  return { thoughts: join(true), answer: join(false) }
}

const TEXTS: readonly [text: string, prompt: string, expected: Split][] = [
  ['<think>\nA b.\n</think>\n\nC', '', { thoughts: 'A b.\n', answer: 'C' }],
  ['<think>\n\n</think>\n\nHi', '', { thoughts: '', answer: 'Hi' }],
  ['A</think>B', 'user: x\n<think>\n', { thoughts: 'A', answer: 'B' }],
  ['\nA</think>B', 'x<think>', { thoughts: 'A', answer: 'B' }],
  ['Hi', '<think>\n\n</think>\n\n', { thoughts: '', answer: 'Hi' }],
  ['[THINK]a<think>[/THINK]b', '', { thoughts: 'a<think>', answer: 'b' }],
  ['<think>a</think> <think>b</think>c', '', { thoughts: 'ab', answer: ' c' }],
  ['\n <think>a</think>b', '', { thoughts: 'a', answer: '\n b' }],
  // Where an answer has begun, tags are text.
  ['Write <think> and </think>.', '', { thoughts: '', answer: 'Write <think> and </think>.' }],
  ['<think>a</think>b<think>c', '', { thoughts: 'a', answer: 'b<think>c' }],
  ['</think>a', '', { thoughts: '', answer: '</think>a' }],
  ['<thinker>', '', { thoughts: '', answer: '<thinker>' }],
  // Writing may end anywhere.
  ['<think>a</thi', '', { thoughts: 'a</thi', answer: '' }],
  ['<thi', '', { thoughts: '', answer: '<thi' }],
  ['<think>a</<</think>b', '', { thoughts: 'a</<', answer: 'b' }],
  ['', '<think>', { thoughts: '', answer: '' }],
]

test.each(TEXTS)('%j after %j, however it comes', (text, prompt, expected) => {
  expect(split([text], prompt)).toEqual(expected)
  expect(split([...text], prompt)).toEqual(expected)
  for (let a = 0; a <= text.length; a++) {
    for (let b = a; b <= text.length; b++) {
      expect(split([text.slice(0, a), text.slice(a, b), text.slice(b)], prompt)).toEqual(expected)
    }
  }
})

test('any pieces of tags: nothing is lost but whole tags and the line breaks after them', () => {
  const parts = ['<think>', '</think>', '<thi', 'nk>', '</', 'a', ' ', '\n', '<', 'think>', '[THINK]', '[/THINK]']
  let state = 1
  const random = (n: number) => {
    state = (state * 48271) % 2147483647
    return state % n
  }
  for (let round = 0; round < 3000; round++) {
    const pieces = Array.from({ length: 1 + random(9) }, () => parts[random(parts.length)]!)
    const text = pieces.join('')
    expect(split(pieces)).toEqual(split([text]))
    const { thoughts, answer } = split([text])
    const letters = (of: string) => of.replaceAll(/<\/?think>|\[\/?THINK\]|\n/g, '').length
    expect(thoughts.length + answer.length).toBeLessThanOrEqual(text.length)
    expect(letters(thoughts) + letters(answer)).toBeGreaterThanOrEqual(letters(text))
  }
})

test('an answer is not held back', () => {
  const splitter = createThinkingSplitter()
  expect(splitter.push(' ')).toEqual([{ text: ' ', thinking: false }])
  expect(splitter.push('Hi <')).toEqual([{ text: 'Hi <', thinking: false }])
  expect(splitter.holds).toBe(false)
})

describe('tokens', () => {
  const words = [
    '<think>',
    '</think>',
    'a',
    'b',
    'x</',
    'think>y',
    '<',
    'think>',
    '\n',
    '<special>',
    '[THINK]',
    '[/THINK]',
  ]
  const SPECIAL = 9
  const tokenizer: Tokenizer = {
    encode: () => [],
    decode: (ids, { skipSpecialTokens = true } = {}) =>
      ids.map((id) => (skipSpecialTokens && id >= SPECIAL ? '' : words[id])).join(''),
  }

  async function* tokensOf(ids: readonly number[]): AsyncGenerator<Token, Finish, void> {
    for (const id of ids) yield { id, text: tokenizer.decode([id]), logprob: -1 }
    return 'max-tokens'
  }

  async function mark(ids: readonly number[], prompt: readonly number[] = []) {
    const marked: string[] = []
    const tokens = markThinking(tokensOf(ids), tokenizer, prompt)
    for (;;) {
      const { done, value } = await tokens.next()
      if (done) {
        expect(value).toBe('max-tokens')
        return marked
      }
      expect(value.logprob).toBe(-1)
      marked.push(`${value.id}${value.thinking ? '?' : ':'}${value.text}`)
    }
  }

  test('are marked', async () => {
    expect(await mark([0, 8, 2, 1, 8, 3])).toEqual(['0?', '8?', '2?a', '1:', '8:', '3:b'])
  })
  test('of a tag in pieces have no text', async () => {
    expect(await mark([6, 7, 2])).toEqual(['6:', '7?', '2?a'])
    expect(await mark([6, 2])).toEqual(['6:', '2:<a'])
  })
  test('with an end and a beginning come twice', async () => {
    expect(await mark([0, 4, 5])).toEqual(['0?', '4?x', '5:y'])
    expect(await mark([0, 4, 3, 4])).toEqual(['0?', '4?x', '3?</b', '4?x</'])
  })
  test('that wait at the end come with what they held', async () => {
    expect(await mark([6])).toEqual(['6:<'])
    expect(await mark([0, 6])).toEqual(['0?', '6?<'])
  })
  test('after a prompt that opens', async () => {
    expect(await mark([2, 1, 3], [2, 0, 8])).toEqual(['2?a', '1:', '3:b'])
    expect(await mark([2], [0, 1, 8])).toEqual(['2:a'])
  })
  test('that are tags but no text', async () => {
    expect(await mark([10, 2, 9, 11, 3, 10])).toEqual(['10?', '2?a', '9?', '11:', '3:b', '10:'])
  })
  test('leaving the loop ends the writing', async () => {
    const tokens = tokensOf([2, 2])
    for await (const _ of markThinking(tokens, tokenizer, [])) break
    expect(await tokens.next()).toMatchObject({ done: true })
  })
})
