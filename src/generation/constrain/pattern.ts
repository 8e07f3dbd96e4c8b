/** Regular expressions, as far as they are regular: text, classes, groups, alternatives, repetition, ^ and $. */
import { HeadlightError } from '../../errors.ts'
import { ALL, complement, type Range } from './characters.ts'

/** An automaton over characters. */
export interface Pattern {
  readonly size: number
  readonly edges: readonly { readonly from: number; readonly ranges: readonly Range[]; readonly to: number }[]
  readonly skips: readonly (readonly [from: number, to: number])[]
  readonly start: number
  readonly end: number
}

type Node =
  | { readonly kind: 'class'; readonly ranges: readonly Range[] }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly least: number; readonly most: number }

const MOST_STATES = 20_000

const DIGITS: readonly Range[] = [[0x30, 0x39]]
const WORD: readonly Range[] = [...DIGITS, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]]
// As the language has it: white space and line ends of Unicode, and U+FEFF.
const SPACE: readonly Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]
const DOT = complement([
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
])
const CLASSES: Readonly<Record<string, readonly Range[]>> = {
  d: DIGITS,
  D: complement(DIGITS),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
}
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 }
const ANYTHING: Node = {
  kind: 'repeat',
  part: { kind: 'class', ranges: ALL },
  least: 0,
  most: Number.POSITIVE_INFINITY,
}

/**
 * What strings may be that `source`, with the flag u, is found in.
 * @throws HeadlightError `bad-input`: no regular expression, or one that uses what is not supported, which it names
 */
export function parsePattern(source: string): Pattern {
  try {
    new RegExp(source, 'u')
  } catch (cause) {
    throw refused(source, cause instanceof Error ? cause.message : String(cause))
  }
  return automatonOf(parse(source), source)
}

const refused = (source: string, reason: string) =>
  new HeadlightError('bad-input', `responseFormat: pattern /${source}/: ${reason}`, {
    option: 'responseFormat',
    found: source,
    reason,
  })

/** Reads a source that is known to be a regular expression. */
function parse(source: string): Node {
  let at = 0
  const parts = [anchored()]
  while (take('|')) parts.push(anchored())
  return { kind: 'choice', parts }

  /** An alternative of the whole: without ^ anything may stand before it, without $ behind it. */
  function anchored(): Node {
    const from = take('^')
    const body = sequence()
    const to = take('$')
    if (to && !done() && peek() !== '|') throw unsupported('$')
    return { kind: 'sequence', parts: [...(from ? [] : [ANYTHING]), body, ...(to ? [] : [ANYTHING])] }
  }

  function choice(): Node {
    const parts = [sequence()]
    while (take('|')) parts.push(sequence())
    return { kind: 'choice', parts }
  }

  function sequence(): Node {
    const parts: Node[] = []
    while (!done() && !['|', ')', '$'].includes(peek())) parts.push(repeated())
    return { kind: 'sequence', parts }
  }

  function repeated(): Node {
    const part = atom()
    const counts = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(source.slice(at))
    if (!counts) return part
    at += counts[0].length
    const [, sign, low, comma, high] = counts
    const least = sign ? (sign === '+' ? 1 : 0) : Number(low)
    const most = sign
      ? sign === '?'
        ? 1
        : Number.POSITIVE_INFINITY
      : comma === undefined
        ? least
        : high
          ? Number(high)
          : Number.POSITIVE_INFINITY
    return { kind: 'repeat', part, least, most }
  }

  function atom(): Node {
    if (take('(')) {
      if (peek() === '?') {
        const opening = /^\?(?::|<[^=!][^>]*>)/.exec(source.slice(at))
        if (!opening) throw unsupported(`(${source.slice(at, at + 3)}`)
        at += opening[0].length
      }
      const inner = choice()
      if (!take(')')) throw unsupported('$') // all that can stop a choice where a group is still open
      return inner
    }
    if (take('[')) return { kind: 'class', ranges: characterClass() }
    if (take('.')) return { kind: 'class', ranges: DOT }
    if (peek() === '^') throw unsupported('^')
    return { kind: 'class', ranges: take('\\') ? escape(false) : [single(character())] }
  }

  function characterClass(): readonly Range[] {
    const negated = take('^')
    const ranges: Range[] = []
    while (!take(']')) {
      const low = take('\\') ? escape(true) : [single(character())]
      const spans = peek() === '-' && source[at + 1] !== ']'
      if (spans) {
        at++
        const high = take('\\') ? escape(true) : [single(character())]
        ranges.push([low[0]![0], high[0]![1]])
      } else ranges.push(...low)
    }
    return negated ? complement(ranges) : ranges
  }

  /** What stands behind a backslash. */
  function escape(inClass: boolean): readonly Range[] {
    const code = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]+)\})/i.exec(source.slice(at))
    if (code) {
      at += code[0].length
      return [single(Number.parseInt((code[1] ?? code[2] ?? code[3])!, 16))]
    }
    const letter = String.fromCodePoint(character())
    const known = CLASSES[letter]
    if (known) return known
    const control = CONTROLS[letter]
    if (control !== undefined) return [single(control)]
    if (letter === 'b' && inClass) return [single(8)]
    if (/[A-Za-z0-9]/.test(letter)) throw unsupported(`\\${letter}`)
    return [single(letter.codePointAt(0)!)]
  }

  function character(): number {
    const point = source.codePointAt(at)!
    at += point > 0xffff ? 2 : 1
    return point
  }

  function peek(): string {
    return source[at] ?? ''
  }

  function take(letter: string): boolean {
    const found = peek() === letter
    if (found) at++
    return found
  }

  function done(): boolean {
    return at >= source.length
  }

  function unsupported(what: string): HeadlightError {
    return refused(source, `${what} is not supported here`)
  }
}

const single = (point: number): Range => [point, point]

function automatonOf(root: Node, source: string): Pattern {
  const edges: { from: number; ranges: readonly Range[]; to: number }[] = []
  const skips: [number, number][] = []
  let size = 0
  const state = () => {
    if (size >= MOST_STATES) throw refused(source, 'it is too long once its repetitions are written out')
    return size++
  }

  /** @returns the state after `node` */
  const build = (node: Node, from: number): number => {
    if (node.kind === 'class') {
      const to = state()
      edges.push({ from, ranges: node.ranges, to })
      return to
    }
    if (node.kind === 'sequence') return node.parts.reduce((at, part) => build(part, at), from)
    if (node.kind === 'choice') {
      const to = state()
      for (const part of node.parts) skips.push([build(part, from), to])
      return to
    }
    let at = from
    for (let n = 0; n < node.least; n++) at = build(node.part, at)
    if (node.most === Number.POSITIVE_INFINITY) {
      const loop = state()
      skips.push([at, loop], [build(node.part, loop), loop])
      return loop
    }
    const to = state()
    skips.push([at, to])
    for (let n = node.least; n < node.most; n++) {
      at = build(node.part, at)
      skips.push([at, to])
    }
    return to
  }
  const start = state()
  const end = build(root, start)
  return { size, edges, skips, start, end }
}
