/** Lists: items counted as far as the schema does. */
import type { Compiler } from './compiler.ts'
import { type Keywords, refused } from './keywords.ts'

/** Longer lists are not written, though a schema allows them: each length is a state of its own. */
const MOST_ITEMS = 1024

export function arrayRule(compiler: Compiler, keywords: Keywords, path: string): number {
  const { grammar, json } = compiler
  const { items = true, prefixItems, minItems, maxItems } = keywords
  const prefix = (prefixItems ?? []) as readonly unknown[]
  const least = (minItems ?? 0) as number
  let most = (maxItems ?? Number.POSITIVE_INFINITY) as number
  if (items === true && prefix.length === 0 && least === 0 && most === Number.POSITIVE_INFINITY) return json.array
  if (items === false) most = Math.min(most, prefix.length)
  if (least > MOST_ITEMS) throw refused(path, `minItems: got ${least}, supported are at most ${MOST_ITEMS}`, 'minItems')
  const counted = most === Number.POSITIVE_INFINITY ? Math.max(least, prefix.length, 1) : Math.min(most, MOST_ITEMS)

  const rule = grammar.state()
  const end = grammar.state()
  grammar.end(end)
  const item = (from: number, i: number, to: number) => {
    const [schema, at] = i < prefix.length ? [prefix[i], `${path}/prefixItems/${i}`] : [items, `${path}/items`]
    const after = grammar.state()
    grammar.call(from, compiler.ruleOf(schema, at), after)
    grammar.call(after, json.blank, to)
  }
  const nextItem = (from: number) => {
    const start = grammar.state()
    grammar.call(grammar.text(from, ','), json.blank, start)
    return start
  }
  let at = grammar.state()
  grammar.call(grammar.text(rule, '['), json.blank, at)
  for (let i = 0; ; i++) {
    if (i >= least) grammar.skip(grammar.text(at, ']'), end)
    if (i === counted) break
    const next = grammar.state()
    item(i === 0 ? at : nextItem(at), i, next)
    at = next
  }
  if (most === Number.POSITIVE_INFINITY) item(nextItem(at), counted, at)
  return rule
}
