/** What is written, and read, while the page is measured. */

const SENTENCE = 'The robot climbed the stairs of the old library, opened a book, and read until the lamp went out. '

const PARAGRAPH = `${SENTENCE.repeat(5)}\n\n`

/** @param {number} characters */
const sentences = (characters) => SENTENCE.repeat(Math.ceil(characters / SENTENCE.length)).slice(0, characters)

/** @param {number} characters */
export const story = (characters) => PARAGRAPH.repeat(Math.ceil(characters / PARAGRAPH.length)).slice(0, characters)

const CODE = `def merge(left: list[int], right: list[int]) -> list[int]:
    """Both lists, which are in order, as one in order."""
    merged = []
    while left and right:
        smaller = left if left[0] <= right[0] else right
        merged.append(smaller.pop(0))  # the first of it
    return merged + left + right

`

const ROW = '| `merge` | $O(n \\log n)$ | always | it keeps the order of **equal** items |\n'

/** All that Markdown has, in blocks as long as models write them. */
export const ANSWER = `# Sorting

${sentences(500)} See [the manual](https://docs.example/lists), and *mind* the \`None\`.

\`\`\`python
${CODE.repeat(12)}\`\`\`

${sentences(300)}

| way | time | when | why |
|---|---|---|---|
${ROW.repeat(24)}
The sum of the moves is

$$
\\sum_{i=1}^{n} i = \\frac{n(n+1)}{2}
$$

${'1. First, $a_i \\le a_{i+1}$, and **then** on.\n   - part of it\n'.repeat(16)}
${sentences(1200)}
`

/** A conversation as the page imports it. @param {number} turns */
export function conversation(turns) {
  const nodes = Array.from({ length: turns }, (_, i) => ({
    id: `n${i + 1}`,
    at: i + 1,
    parent: `n${i}`,
    role: i % 2 ? 'assistant' : 'user',
    content: i % 2 ? answerOf(i) : `Question ${i}: ${sentences(40 + (i % 5) * 60)}`,
  }))
  const root = { id: 'n0', at: 0, role: 'root', content: '' }
  const item = { id: 'long', kind: 'chat', title: '', created: 1, changed: 1, sampling: {}, system: '' }
  const place = { current: `n${turns}`, visited: [] }
  return JSON.stringify({
    format: 'headlight-library',
    version: 1,
    items: [{ item, nodes: [root, ...nodes], place }],
  })
}

/** @param {number} turn */
function answerOf(turn) {
  const parts = [sentences(200 + (turn % 7) * 100)]
  if (turn % 5 === 1) parts.push(`\`\`\`python\n${CODE}\`\`\``)
  if (turn % 7 === 3) parts.push(`| a | b | c | d |\n|---|---|---|---|\n${ROW.repeat(4)}`)
  if (turn % 9 === 5) parts.push('$$\n\\sum_{i=1}^{n} i = \\frac{n(n+1)}{2}\n$$')
  return parts.join('\n\n')
}
