/** Objects: members in the order of the schema, then others. */
import { ALL, complement, type Range } from './characters.ts'
import type { Compiler } from './compiler.ts'
import type { Keywords } from './keywords.ts'

export function objectRule(compiler: Compiler, keywords: Keywords, path: string): number {
  const { grammar, json } = compiler
  const properties = (keywords.properties ?? {}) as Readonly<Record<string, unknown>>
  const required = new Set((keywords.required ?? []) as readonly string[])
  const others = keywords.additionalProperties ?? !('properties' in keywords)
  const members = [
    ...Object.entries(properties),
    ...[...required]
      .filter((name) => !Object.hasOwn(properties, name))
      .map((name) => [name, keywords.additionalProperties ?? true] as const),
  ]
  if (members.length === 0 && others === true) return json.object

  const rule = grammar.state()
  /** Before the member i: where none is written yet, and where some are. */
  let first = grammar.state()
  let later = grammar.state()
  grammar.call(grammar.text(rule, '{'), json.blank, first)

  /** @returns where a member is to be written next */
  const memberStart = () => {
    const from = grammar.state()
    grammar.skip(first, from)
    grammar.call(grammar.text(later, ','), json.blank, from)
    return from
  }
  /** What follows a member's name and colon: its value. */
  const value = (named: number, schema: unknown, at: string, to: number) => {
    const before = grammar.state()
    const after = grammar.state()
    grammar.call(named, json.blank, before)
    grammar.call(before, compiler.ruleOf(schema, at), after)
    grammar.call(after, json.blank, to)
  }
  for (const [name, schema] of members) {
    const next = { first: grammar.state(), later: grammar.state() }
    value(grammar.text(memberStart(), `${JSON.stringify(name)}:`), schema, `${path}/properties/${name}`, next.later)
    if (!required.has(name)) {
      grammar.skip(first, next.first)
      grammar.skip(later, next.later)
    }
    first = next.first
    later = next.later
  }
  if (others !== false) {
    const named = grammar.state()
    grammar.call(
      memberStart(),
      otherName(
        compiler,
        members.map(([name]) => name),
      ),
      named,
    )
    value(grammar.text(named, ':'), others, `${path}/additionalProperties`, later)
  }
  const end = grammar.state()
  for (const at of [first, later]) grammar.skip(grammar.text(at, '}'), end)
  grammar.end(end)
  return rule
}

/** A rule: a string, as a member's name, that is none of `names`. */
function otherName(compiler: Compiler, names: readonly string[]): number {
  const { grammar, json } = compiler
  if (names.length === 0) return json.string
  const rule = grammar.state()
  const end = grammar.state()
  const free = grammar.state()
  grammar.end(end)
  // Without escapes, so that a name has one spelling.
  const read = (from: number, ranges: readonly Range[], to: number) =>
    grammar.call(from, compiler.classOf(ranges, true), to)
  const spell = (from: number, rests: readonly string[]): void => {
    const firsts = new Set(rests.filter((rest) => rest !== '').map((rest) => rest.codePointAt(0)!))
    for (const point of firsts) {
      const to = grammar.state()
      const letter = String.fromCodePoint(point)
      read(from, [[point, point]], to)
      spell(
        to,
        rests.filter((rest) => rest.startsWith(letter)).map((rest) => rest.slice(letter.length)),
      )
    }
    read(from, complement([...firsts].map((point): Range => [point, point])), free)
    if (!rests.includes('')) grammar.skip(grammar.text(from, '"'), end)
  }
  spell(grammar.text(rule, '"'), names)
  read(free, ALL, free)
  grammar.skip(grammar.text(free, '"'), end)
  return rule
}
