import type { Element, Root } from 'hast'
import { expect, it } from 'vitest'
import { parseBlock } from './parse.ts'

const element = ({ children }: Root | Element, at = 0): Element => {
  const found = children.filter(({ type }) => type === 'element')[at]
  if (found?.type !== 'element') throw new Error('no element')
  return found
}

it('draws a formula once, however often the block around it is parsed', () => {
  const first = element(parseBlock('It is $a_i$'))
  const second = element(parseBlock('It is $a_i$ and more'))
  expect(element(second)).toBe(element(first))
  expect(element(first).properties['className']).toEqual(['katex'])
})

it('draws the same formula otherwise in a block of its own', () => {
  const inside = element(element(parseBlock('$a_i$')))
  const alone = element(parseBlock('$$\na_i\n$$'))
  expect(inside.properties['className']).toEqual(['katex'])
  expect(alone.properties['className']).toEqual(['katex-display'])
})

it('colours code, and leaves text in code that is no formula', () => {
  const code = element(element(parseBlock('```js\nlet a = 1\n```')))
  expect(element(code).properties['className']).toEqual(['hljs-keyword'])
  expect(element(element(parseBlock('`$a$`'))).children).toMatchObject([{ type: 'text', value: '$a$' }])
})
