/** No words for the reader stand outside the catalogues. */
import { readdirSync, readFileSync } from 'node:fs'
import { parseSync } from 'vite'
import { expect, it } from 'vitest'

interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

/** Attributes that are read aloud or shown. */
const SHOWN =
  /^(aria-(label|description|roledescription|valuetext|placeholder)|title|placeholder|alt|label|hint|about)$/
const LETTERS = /\p{L}{2}/u
/** The same in every language. */
const NAMES = new Set(['Headlight', 'hf_…'])
const isCode = (words: string) => words.startsWith('{')

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode)

/** What an expression says by itself, not by what it calls. */
function saidBy(node: unknown): string[] {
  if (!isNode(node)) return []
  const { type } = node
  if (type === 'Literal' || type === 'JSXText') return typeof node['value'] === 'string' ? [node['value'].trim()] : []
  if (type === 'TemplateElement') return [String((node['value'] as { cooked: string }).cooked).trim()]
  if (type === 'ConditionalExpression') return [node['consequent'], node['alternate']].flatMap(saidBy)
  if (type === 'LogicalExpression') return saidBy(node['right'])
  const passes = /^(TemplateLiteral|BinaryExpression|JSXExpressionContainer|TS(As|Satisfies|NonNull)Expression)$/
  return passes.test(type) ? childrenOf(node).flatMap(saidBy) : []
}

function strings(node: Node): string[] {
  const inside = childrenOf(node).flatMap(strings)
  if (node.type === 'JSXElement' || node.type === 'JSXFragment') {
    return [...(node['children'] as Node[]).flatMap(saidBy), ...inside]
  }
  if (node.type !== 'JSXOpeningElement') return inside
  const shown = (node['attributes'] as Node[]).filter((attribute) =>
    SHOWN.test(String((attribute['name'] as Node | undefined)?.['name'])),
  )
  return [...shown.flatMap((attribute) => saidBy(attribute['value'])), ...inside]
}

const stringsOf = (code: string): string[] =>
  strings(parseSync('source.tsx', code).program as unknown as Node).filter(
    (words) => LETTERS.test(words) && !NAMES.has(words) && !isCode(words),
  )

const components = readdirSync('src/app', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.tsx'))

it.each(components)('%s', (path) => {
  expect(stringsOf(readFileSync(`src/app/${path}`, 'utf8'))).toEqual([])
})

it('finds what it looks for', () => {
  expect(
    stringsOf(`
      <p title="one" className="no" aria-label={wide ? 'two' : t('no')}>
        three {open && 'four'} {t('no')} {\`five \${number}\`} · <Row hint="six" /><input name="no" /> Headlight
      </p>`),
  ).toEqual(expect.arrayContaining(['one', 'two', 'three', 'four', 'five', 'six']))
})
