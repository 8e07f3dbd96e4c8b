import { expect, it } from 'vitest'
import { withFormulas } from './formulas.ts'

it.each([
  ['a \\(x^2\\) b', 'a $x^2$ b'],
  ['\\[\nx\n\\]', '$$\nx\n$$'],
  ['  \\[ x + y \\]', '  $$\n  x + y\n  $$'],
  ['$$ x $$', '$$\nx\n$$'],
  ['$x$ and $y_1$', '$x$ and $y_1$'],
  ['from $5 to $10', 'from \\$5 to \\$10'],
  ['a price of $5', 'a price of \\$5'],
  ['`$x \\(y\\)`', '`$x \\(y\\)`'],
  ['```\n\\(x\\)\n```', '```\n\\(x\\)\n```'],
  ['no dollars', 'no dollars'],
  ['\\$5 \\\\(', '\\$5 \\\\('],
])('%j', (text, expected) => {
  expect(withFormulas(text)).toBe(expected)
})
