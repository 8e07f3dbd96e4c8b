/** Strings: characters counted, or spelled by a pattern. */
import type { Compiler } from './compiler.ts'
import { FORMATS } from './formats.ts'
import { type Keywords, refused } from './keywords.ts'
import { type Pattern, parsePattern } from './pattern.ts'

/** Longer strings are not written, though a schema allows them: each length is a state of its own. */
const MOST_CHARACTERS = 4096
const MOST_PATTERN_STATES = 50_000

export function stringRule(compiler: Compiler, keywords: Keywords, path: string): number {
  const { grammar, json } = compiler
  const least = (keywords.minLength ?? 0) as number
  const most = (keywords.maxLength ?? Number.POSITIVE_INFINITY) as number
  if (least > MOST_CHARACTERS) {
    throw refused(path, `minLength: got ${least}, supported are at most ${MOST_CHARACTERS}`, 'minLength')
  }
  const pattern = patternOf(keywords, path)
  const limited = least > 0 || most < Number.POSITIVE_INFINITY
  if (!pattern && !limited) return json.string

  const rule = grammar.state()
  const inside = grammar.text(rule, '"')
  const counts = Math.min(most < Number.POSITIVE_INFINITY ? most : least, MOST_CHARACTERS)
  const close = grammar.state()
  grammar.end(grammar.text(close, '"'))
  if (pattern) {
    if (pattern.size * (counts + 1) > MOST_PATTERN_STATES) {
      throw refused(path, 'pattern and lengths together are too large: leave one of them out', 'pattern')
    }
    addPattern(compiler, pattern, { least, counts, most }, inside, close)
    return rule
  }
  let at = inside
  for (let n = 0; n < counts; n++) {
    if (n >= least) grammar.skip(at, close)
    const next = grammar.state()
    grammar.call(at, json.character, next)
    at = next
  }
  if (most === Number.POSITIVE_INFINITY) grammar.call(at, json.character, at)
  grammar.skip(at, close)
  return rule
}

function patternOf({ pattern, format }: Keywords, path: string): Pattern | undefined {
  if (pattern !== undefined && format !== undefined) {
    throw refused(path, 'pattern and format together are not supported: leave one of them out', 'format')
  }
  if (typeof pattern === 'string') return parsePattern(pattern)
  if (format === undefined) return undefined
  const known = Object.hasOwn(FORMATS, format as string) ? FORMATS[format as string] : undefined
  if (known !== undefined) return parsePattern(known)
  throw refused(path, `format: got ${format}, supported are ${Object.keys(FORMATS).join(', ')}`, 'format')
}

/** Adds the characters of `pattern` between two states, counted: once for each length, up to the last that matters. */
function addPattern(
  compiler: Compiler,
  { size, edges, skips, start, end }: Pattern,
  { least, counts, most }: { readonly least: number; readonly counts: number; readonly most: number },
  from: number,
  to: number,
): void {
  const { grammar } = compiler
  const layers = Array.from({ length: counts + 1 }, () => Array.from({ length: size }, grammar.state))
  grammar.skip(from, layers[0]![start]!)
  layers.forEach((states, length) => {
    const next = layers[length + 1] ?? (most === Number.POSITIVE_INFINITY ? states : undefined)
    for (const [a, b] of skips) grammar.skip(states[a]!, states[b]!)
    for (const { from: a, ranges, to: b } of next ? edges : []) {
      grammar.call(states[a]!, compiler.classOf(ranges, false), next![b]!)
    }
    if (length >= least) grammar.skip(states[end]!, to)
  })
}
