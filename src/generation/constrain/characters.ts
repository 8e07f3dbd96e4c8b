/** Characters as JSON strings write them: UTF-8, and escapes. */
import type { Grammar } from './grammar.ts'

/** Code points from the first to the second, both included. */
export type Range = readonly [low: number, high: number]

const LAST_POINT = 0x10ffff

/** All of Unicode but surrogates, which are no characters. */
export const ALL: readonly Range[] = [
  [0, 0xd7ff],
  [0xe000, LAST_POINT],
]

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** What stands in a string as it is. */
const PLAIN: readonly Range[] = complement([
  [0, 0x1f],
  [QUOTE, QUOTE],
  [BACKSLASH, BACKSLASH],
])

/** `ranges` in order, those that touch made one. */
function joined(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0])
  const result: Range[] = []
  for (const [low, high] of sorted) {
    const last = result.at(-1)
    if (last && low <= last[1] + 1) result[result.length - 1] = [last[0], Math.max(last[1], high)]
    else result.push([low, high])
  }
  return result
}

/** Every character that is in none of `ranges`. */
export function complement(ranges: readonly Range[]): Range[] {
  const result: Range[] = []
  let next = 0
  const surrogates: Range = [0xd800, 0xdfff]
  for (const [low, high] of joined([...ranges, surrogates])) {
    if (low > next) result.push([next, low - 1])
    next = Math.max(next, high + 1)
  }
  if (next <= LAST_POINT) result.push([next, LAST_POINT])
  return result
}

/** Characters that are in both. */
function intersection(a: readonly Range[], b: readonly Range[]): Range[] {
  return complement([...complement(a), ...complement(b)])
}

/**
 * A rule: one character of `ranges`, escaped where it must be (as JSON.stringify does).
 * With `plainOnly`, none that must be.
 */
export function characterRule(grammar: Grammar, ranges: readonly Range[], plainOnly = false): number {
  const rule = grammar.state()
  const end = grammar.state()
  grammar.end(end)
  addPlain(grammar, rule, intersection(ranges, PLAIN), end)
  const has = (point: number) => ranges.some(([low, high]) => low <= point && point <= high)
  const escaped = [QUOTE, BACKSLASH, ...Array(0x20).keys()].filter(has)
  if (plainOnly) return rule
  for (const point of escaped) {
    const written = JSON.stringify(String.fromCodePoint(point)).slice(1, -1)
    grammar.skip(grammar.text(rule, written), end)
  }
  return rule
}

/** A rule: one character of a string, in any of the ways that JSON has to write it, but for surrogates in halves. */
export function anyCharacterRule(grammar: Grammar): number {
  const rule = grammar.state()
  const end = grammar.state()
  const escape = grammar.state()
  grammar.end(end)
  addPlain(grammar, rule, PLAIN, end)
  grammar.readCharacter(rule)
  grammar.byte(rule, BACKSLASH, BACKSLASH, escape)
  for (const letter of '"\\/bfnrt') grammar.byte(escape, letter.charCodeAt(0), letter.charCodeAt(0), end)
  const first = grammar.state()
  const second = grammar.state()
  const afterD = grammar.state()
  const third = grammar.state()
  const fourth = grammar.state()
  grammar.byte(escape, 0x75, 0x75, first) // u
  hexadecimal(grammar, first, second, '09', 'ac', 'AC', 'ef', 'EF')
  hexadecimal(grammar, first, afterD, 'dd', 'DD') // D8 to DF are surrogates
  hexadecimal(grammar, second, third, '09', 'af', 'AF')
  hexadecimal(grammar, afterD, third, '07')
  hexadecimal(grammar, third, fourth, '09', 'af', 'AF')
  hexadecimal(grammar, fourth, end, '09', 'af', 'AF')
  return rule
}

function hexadecimal(grammar: Grammar, from: number, to: number, ...spans: readonly string[]): void {
  for (const span of spans) grammar.byte(from, span.charCodeAt(0), span.charCodeAt(1), to)
}

function addPlain(grammar: Grammar, from: number, ranges: readonly Range[], to: number): void {
  for (const range of ranges) {
    for (const sequence of utf8Sequences(range)) {
      let at = from
      sequence.forEach(([low, high], i) => {
        const next = i === sequence.length - 1 ? to : grammar.state()
        grammar.byte(at, low, high, next)
        at = next
      })
    }
  }
}

/** The last code point of each length in UTF-8. */
const LAST_OF_LENGTH = [0x7f, 0x7ff, 0xffff, LAST_POINT]

/** The UTF-8 of code points, none of them a surrogate: sequences of byte ranges, every combination of which is meant. */
export function utf8Sequences([low, high]: Range): Range[][] {
  const length = LAST_OF_LENGTH.findIndex((last) => low <= last) + 1
  const last = LAST_OF_LENGTH[length - 1]!
  if (high > last) return [...utf8Sequences([low, last]), ...utf8Sequences([last + 1, high])]
  // All continuation bytes behind one that differs must be free.
  for (let i = 1; i < length; i++) {
    const mask = 2 ** (6 * i) - 1
    if ((low & ~mask) === (high & ~mask)) continue
    const cut = (low & mask) !== 0 ? (low | mask) + 1 : (high & mask) !== mask ? high & ~mask : undefined
    if (cut !== undefined) return [...utf8Sequences([low, cut - 1]), ...utf8Sequences([cut, high])]
  }
  return [Array.from({ length }, (_, i): Range => [byteOf(low, length, i), byteOf(high, length, i)])]
}

/** Byte `i` of the `length` that a code point takes. */
function byteOf(point: number, length: number, i: number): number {
  if (length === 1) return point
  const bits = point >> (6 * (length - 1 - i))
  return i === 0 ? ((0xf00 >> length) & 0xff) | bits : 0x80 | (bits & 0x3f)
}

const PLAIN_SEQUENCES = PLAIN.flatMap(utf8Sequences)

/** Whether a character that stands in a string as it is may begin with a byte of `low` to `high`. */
export const mayBePlain = (low: number, high: number): boolean =>
  PLAIN_SEQUENCES.some(([first]) => first![0] <= high && low <= first![1])

/** How many characters the bytes are; undefined where they are not whole ones that stand in a string as they are. */
export function plainLength(bytes: Uint8Array): number | undefined {
  let length = 0
  for (let at = 0; at < bytes.length; length++) {
    const sequence = PLAIN_SEQUENCES.find((ranges) =>
      ranges.every(([low, high], i) => low <= (bytes[at + i] ?? -1) && bytes[at + i]! <= high),
    )
    if (!sequence) return undefined
    at += sequence.length
  }
  return length
}
