import { expect, test } from 'vitest'
import { HeadlightError, spell } from './errors.ts'

test.each([
  [undefined, 'missing'],
  [null, 'null'],
  [-0.5, '-0.5'],
  ['a "b"', '"a \\"b\\""'],
  [[1, [2, 3]], '[1,[2,3]]'],
  [{ a: [{ b: [1] }] }, '{"a":[{"b":…}]}'],
  [Uint32Array.of(1, 2), '[1,2]'],
  [[undefined], '[null]'],
])('%j is spelled', (value, want) => expect(spell(value)).toBe(want))

test('what is long or lies deep is cut', () => {
  expect(spell('x'.repeat(1000))).toMatch(/^"x{79}…$/)
  expect(spell(Array(100_000).fill('x'))).toHaveLength(81)
  expect(spell(JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)))).toBe('[[[…]]]')
  const { message, details } = new HeadlightError('bad-file', 'm'.repeat(9999), {
    found: 'f'.repeat(9999),
    expected: 3,
  })
  expect([message.length, details['found']!.toString().length, details['expected']]).toEqual([2001, 2001, 3])
})
