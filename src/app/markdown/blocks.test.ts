import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createBlockSplitter, formulaBegun, withoutHalfFence } from './blocks.ts'

const cut = (text: string) => createBlockSplitter()(text)

it.each([
  ['paragraphs', 'a\nb\n\nc', ['a\nb\n\n', 'c']],
  ['a list with gaps is one', '- a\n\n- b\n\n  c\n\nd', ['- a\n\n- b\n\n  c\n\n', 'd']],
  ['numbers go on', '1. a\n\n2. b\n', ['1. a\n\n2. b\n']],
  ['code holds blank lines', '```js\na\n\nb\n```\n\nc', ['```js\na\n\nb\n```\n\n', 'c']],
  ['a shorter fence ends nothing', '````\n```\n\nb\n````\n\nc', ['````\n```\n\nb\n````\n\n', 'c']],
  ['code in a list', '- a\n  ```\n\n  b\n  ```\n\nc', ['- a\n  ```\n\n  b\n  ```\n\n', 'c']],
  ['inline code is no fence', '```a```\n\nb', ['```a```\n\n', 'b']],
  ['formulas hold blank lines', '$$\na\n\nb\n$$\n\nc', ['$$\na\n\nb\n$$\n\n', 'c']],
  ['and so do those in brackets', '\\[\na\n\nb\n\\]\n\nc', ['\\[\na\n\nb\n\\]\n\n', 'c']],
  ['definitions hold a text together', 'See [a].\n\n[a]: https://a.b\n', ['See [a].\n\n[a]: https://a.b\n']],
])('%s', (_, text, blocks) => {
  expect(cut(text)).toEqual(blocks)
})

const piece = fc.constantFrom(
  ...['a', 'word ', '\n', '\n\n', '- ', '1. ', '> ', '```', '```js\n', '~~~', '$$', '\\[', '\\]', '    ', '|', '[a]: '],
)

it('joined, blocks are the text; cut as it grows, they are the same', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const split = createBlockSplitter()
      let text = ''
      for (const more of pieces) {
        for (const letter of more) {
          text += letter
          expect(split(text).join('')).toBe(text)
        }
      }
      expect(split(text)).toEqual(cut(text))
    }),
  )
})

it('looks again at little of a text of 2,000 tokens', () => {
  const paragraph = 'The lamp **at the end** of the road\n\n- `one`\n- two\n\n```js\nlet a = 1\n\nlet b = 2\n```\n\n'
  const tokens =
    paragraph
      .repeat(100)
      .match(/\s?\S+|\s+/g)
      ?.slice(0, 2000) ?? []
  expect(tokens).toHaveLength(2000)
  const split = createBlockSplitter()
  let text = ''
  let shown: readonly string[] = []
  let parsed = 0
  let letters = 0
  for (const token of tokens) {
    text += token
    const blocks = split(text)
    const changed = blocks.filter((block, i) => block !== shown[i])
    parsed += changed.length
    letters += changed.join('').length
    shown = blocks
  }
  expect(shown.length).toBeGreaterThan(200)
  expect(parsed).toBeLessThan(2000 + shown.length)
  expect(letters / 2000).toBeLessThan(60) // of thousands
})

it('knows a formula that has not ended', () => {
  expect(formulaBegun('$$\nx')).toBe(0)
  expect(formulaBegun('so\n$$\nx\n$')).toBe(3)
  expect(formulaBegun('$$\nx\n$$\n')).toBeUndefined()
  expect(formulaBegun('\\[ x')).toBe(0)
  expect(formulaBegun('\\[ x \\]')).toBeUndefined()
  expect(formulaBegun('it costs $$ much')).toBeUndefined()
  expect(formulaBegun('```\n$$\nx')).toBeUndefined()
})

it.each([
  ['```js\na\n`', '```js\na\n'],
  ['```js\na\n``', '```js\na\n'],
  ['```js\na\n```', undefined],
  ['```js\na `', undefined],
  ['````\n~', undefined],
  ['a\n``', undefined],
])('leaves out what may begin the end of code: %j', (block, shown) => {
  expect(withoutHalfFence(block)).toBe(shown ?? block)
})
