/**
 * A schema as a grammar of texts, all of which it allows. Not of all that it allows: members come in the order of the
 * schema, numbers have at most 15 digits, and where a schema names members and says nothing of others, there are none.
 */
import { characterRule } from './characters.ts'
import type { Compiler } from './compiler.ts'
import type { Grammar } from './grammar.ts'
import { arrayRule } from './items.ts'
import { type Json, jsonRules } from './json.ts'
import { canonical, isOfKind, type Keywords, type Kind, kindsOf, refused } from './keywords.ts'
import { objectRule } from './members.ts'
import { type Bound, rangeRule } from './range.ts'
import { avoids, type Flatten, flattener } from './schema.ts'
import { stringRule } from './strings.ts'

/** Different parts of a schema: where references within allOf would never come to an end. */
const MOST_RULES = 2000

/** Which keywords are about which kind of value. */
const KEYWORDS_OF: readonly (readonly [Kind, readonly string[]])[] = [
  ['object', ['properties', 'required', 'additionalProperties']],
  ['array', ['items', 'prefixItems', 'minItems', 'maxItems']],
  ['string', ['minLength', 'maxLength', 'pattern', 'format']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']],
]

/** @returns the rule of any JSON object or array, with blanks around it */
export function compileJson(grammar: Grammar): number {
  const json = jsonRules(grammar)
  const value = grammar.state()
  const end = grammar.state()
  grammar.end(end)
  for (const kind of [json.object, json.array]) grammar.call(value, kind, end)
  return document(grammar, json, value)
}

/**
 * @returns the rule of a text that `schema` allows, with blanks around it
 * @throws HeadlightError `bad-input`: what is no schema, or says what is not supported, by name
 */
export function compileSchema(grammar: Grammar, schema: unknown): number {
  const json = jsonRules(grammar)
  const flatten = flattener(schema)
  const rules = new Map<string, number>() // by schema, as text: so that one may contain itself
  const classes = new Map<string, number>()
  const compiler: Compiler = {
    grammar,
    json,
    ruleOf(schema, path) {
      const keywords = flatten(schema, path)
      const key = JSON.stringify(keywords)
      const known = rules.get(key)
      if (known !== undefined) return known
      if (rules.size >= MOST_RULES) throw refused(path, `it has more than ${MOST_RULES} different parts`)
      const rule = grammar.state()
      rules.set(key, rule)
      const end = grammar.state()
      grammar.end(end)
      for (const option of optionsOf(compiler, keywords, flatten, path)) grammar.call(rule, option, end)
      return rule
    },
    classOf(ranges, plainOnly) {
      const key = `${plainOnly} ${canonical(ranges)}`
      const rule = classes.get(key) ?? characterRule(grammar, ranges, plainOnly)
      classes.set(key, rule)
      return rule
    },
  }
  return document(grammar, json, compiler.ruleOf(schema, '#'))
}

function document(grammar: Grammar, { blank }: Json, value: number): number {
  const from = grammar.state()
  const before = grammar.state()
  const after = grammar.state()
  const end = grammar.state()
  grammar.call(from, blank, before)
  grammar.call(before, value, after)
  grammar.call(after, blank, end)
  grammar.end(end)
  return from
}

/** Rules, any of which may be written for these keywords. */
function optionsOf(compiler: Compiler, keywords: Keywords, flatten: Flatten, path: string): number[] {
  const { grammar, json } = compiler
  const { anyOf, oneOf, ...rest } = keywords
  if (anyOf || oneOf) {
    const name = anyOf ? 'anyOf' : 'oneOf'
    const others = anyOf && oneOf ? { ...rest, oneOf } : rest
    const branches = ((anyOf ?? oneOf) as unknown[]).map((branch) => ({ allOf: [others, branch] }))
    if (name === 'oneOf') checkDisjoint(branches, flatten, path)
    return branches.map((branch, i) => compiler.ruleOf(branch, `${path}/${name}/${i}`))
  }
  const kinds = kindsOf(keywords)
  if (keywords.enum) {
    const listed = keywords.enum as readonly unknown[]
    if (listed.length === 0) return []
    const other = Object.keys(keywords).find((name) => name !== 'enum' && name !== 'type')
    if (other) throw refused(path, `${other} beside enum or const is not supported: list only what it allows`, other)
    const values = listed.filter((value) => !kinds || kinds.some((kind) => isOfKind(value, kind)))
    return values.map((value) => textRule(grammar, JSON.stringify(value)))
  }
  const meant = KEYWORDS_OF.filter(([, names]) => names.some((name) => name in keywords)).map(([kind]) => kind)
  if (!kinds && meant.length === 0) return [json.any]
  return (kinds ?? meant).map((kind) => kindRule(compiler, kind, keywords, path))
}

function checkDisjoint(schemas: readonly unknown[], flatten: Flatten, path: string): void {
  const branches = schemas.map((schema, i) => flatten(schema, `${path}/oneOf/${i}`))
  const clash = branches.some((a, i) => branches.some((b, j) => i !== j && !avoids(a, b, flatten)))
  if (!clash) return
  const reason = 'it is not clear that no value fits two parts of oneOf: use anyOf, or a required member with const'
  throw refused(path, reason, 'oneOf')
}

function kindRule(compiler: Compiler, kind: Kind, keywords: Keywords, path: string): number {
  const { grammar } = compiler
  switch (kind) {
    case 'object':
      return objectRule(compiler, keywords, path)
    case 'array':
      return arrayRule(compiler, keywords, path)
    case 'string':
      return stringRule(compiler, keywords, path)
    case 'integer':
    case 'number':
      return numberRule(compiler, kind === 'integer', keywords)
    case 'boolean':
      return choice(grammar, [textRule(grammar, 'true'), textRule(grammar, 'false')])
    case 'null':
      return textRule(grammar, 'null')
  }
}

function textRule(grammar: Grammar, text: string): number {
  const rule = grammar.state()
  grammar.end(grammar.text(rule, text))
  return rule
}

function choice(grammar: Grammar, rules: readonly number[]): number {
  const rule = grammar.state()
  for (const each of rules) grammar.skip(rule, each)
  return rule
}

function numberRule({ grammar, json }: Compiler, integer: boolean, keywords: Keywords): number {
  const bound = (
    inclusive: string,
    exclusive: string,
    stronger: (...values: number[]) => number,
  ): Bound | undefined => {
    const [a, b] = [keywords[inclusive], keywords[exclusive]] as [number | undefined, number | undefined]
    if (a === undefined && b === undefined) return undefined
    const values = [a, b].filter((value) => value !== undefined)
    const value = stronger(...values)
    return { value, exclusive: value === b }
  }
  const low = bound('minimum', 'exclusiveMinimum', Math.max)
  const high = bound('maximum', 'exclusiveMaximum', Math.min)
  if (!low && !high) return integer ? json.integer : json.number
  return rangeRule(grammar, { low, high }, integer)
}
