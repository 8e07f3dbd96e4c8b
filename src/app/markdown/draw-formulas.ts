/** Formulas as what is shown of them. A block that grows is parsed at each frame; its formulas are drawn once. */
import type { Element, ElementContent, Root } from 'hast'
import rehypeKatex, { type Options } from 'rehype-katex'

const OPTIONS: Options = { errorColor: 'inherit', strict: 'ignore', trust: false, maxExpand: 200, maxSize: 20 }
const MOST_DRAWN = 200

type File = Parameters<ReturnType<typeof rehypeKatex>>[1]

const draw = rehypeKatex(OPTIONS)
/** By what was written; what was used last is dropped last. */
const drawn = new Map<string, ElementContent[]>()

export function drawFormulas(tree: Root | Element, file: File): void {
  tree.children = (tree.children as ElementContent[]).flatMap((node) => {
    if (node.type !== 'element') return [node]
    const formula = formulaIn(node)
    if (formula !== undefined) return remembered(node, formula, file)
    drawFormulas(node, file)
    return [node]
  })
}

/** What the parser takes for a formula: code, in a line or a block of its own; undefined of all else. */
function formulaIn({ tagName, properties, children: [only] }: Element): string | undefined {
  if (tagName === 'pre') return only?.type === 'element' && isFormula(only) ? `\n${textOf(only)}` : undefined
  return tagName === 'code' && isFormula({ properties }) ? textOf({ children: only ? [only] : [] }) : undefined
}

const isFormula = ({ properties: { className } }: Pick<Element, 'properties'>): boolean =>
  Array.isArray(className) && className.includes('language-math')

const textOf = ({ children: [only] }: Pick<Element, 'children'>): string => (only?.type === 'text' ? only.value : '')

function remembered(node: Element, formula: string, file: File): ElementContent[] {
  const root: Root = { type: 'root', children: [node] }
  const known = drawn.get(formula)
  if (!known) draw(root, file)
  const result = known ?? (root.children as ElementContent[])
  drawn.delete(formula)
  drawn.set(formula, result)
  const [oldest] = drawn.keys()
  if (drawn.size > MOST_DRAWN && oldest !== undefined) drawn.delete(oldest)
  return result
}
