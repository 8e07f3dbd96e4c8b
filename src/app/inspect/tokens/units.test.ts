import { expect, it } from 'vitest'
import { labelsOf, showTokens, unitsOf } from './units.ts'

const BYTES = [...new TextEncoder().encode('a 字🙂\n')]
const decode = (ids: readonly number[]) => new TextDecoder().decode(Uint8Array.from(ids)).replace(/\uFFFD+/g, '\uFFFD')

it('shows whole characters, whatever tokens they span', () => {
  const tokens = showTokens(BYTES, decode)
  expect(tokens.map(({ text }) => text)).toEqual(['a', ' ', '', '', '字', '', '', '', '🙂', '\n'])
  expect(unitsOf(tokens)).toEqual([
    { from: 0, to: 1, text: 'a' },
    { from: 1, to: 2, text: ' ' },
    { from: 2, to: 5, text: '字' },
    { from: 5, to: 9, text: '🙂' },
    { from: 9, to: 10, text: '\n' },
  ])
  expect(labelsOf(tokens)).toEqual(
    ['a', '␣', '字 1/3', '字 2/3', '字 3/3', '🙂 1/4', '🙂 2/4', '🙂 3/4', '🙂 4/4', '↵'], //
  )
})

it('shows a character that is not finished yet, and bytes that are none', () => {
  expect(unitsOf(showTokens(BYTES.slice(0, 4), decode)).at(-1)).toEqual({ from: 2, to: 4, text: '\uFFFD' })
  expect(showTokens([0x80, 0x80, 0x80, 0x80, 0x61], decode).at(-1)).toEqual({ id: 0x61, text: 'a' })
  expect(unitsOf([])).toEqual([])
})

it('keeps the space that a decoder drops at the beginning of a text', () => {
  const words = ['▁the', '▁cat', 's']
  const spell = (ids: readonly number[]) =>
    ids
      .map((id) => words[id])
      .join('')
      .replaceAll('▁', ' ')
      .replace(/^ /, '')
  expect(showTokens([0, 1, 2], spell).map(({ text }) => text)).toEqual(['the', ' cat', 's'])
})
