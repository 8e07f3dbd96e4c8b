/** The rules of JSON itself. */
import { anyCharacterRule } from './characters.ts'
import type { Grammar } from './grammar.ts'

export interface Json {
  /** Blanks between tokens: none, a space, or a line break with its indent. Bounded, so that a text always ends. */
  readonly blank: number
  readonly character: number
  readonly string: number
  readonly integer: number
  readonly number: number
  readonly object: number
  readonly array: number
  readonly any: number
}

/** Spaces of an indent at most. */
const MOST_INDENT = 24
/** Digits that a double holds whole, so that what is read is what was written. */
export const MOST_DIGITS = 15
const MOST_EXPONENT_DIGITS = 2

export function jsonRules(grammar: Grammar): Json {
  const { state, end, byte, call, skip, text } = grammar
  const rule = () => ({ from: state(), to: state() })

  /** `least` to `most` digits after `from`. */
  const digits = (from: number, least: number, most: number, to: number): void => {
    let at = from
    for (let n = 1; n <= most; n++) {
      const next = state()
      byte(at, 0x30, 0x39, next)
      if (n >= least) skip(next, to)
      at = next
    }
    if (least === 0) skip(from, to)
  }

  const blank = state()
  {
    const done = state()
    const indent = state()
    end(blank)
    end(done)
    skip(text(blank, ' '), done)
    skip(text(blank, '\n'), indent)
    let at = indent
    end(at)
    for (let n = 0; n < MOST_INDENT; n++) {
      at = text(at, ' ')
      end(at)
    }
  }

  const character = anyCharacterRule(grammar)

  const string = state()
  {
    const inside = text(string, '"')
    call(inside, character, inside)
    end(text(inside, '"'))
  }

  const whole = (from: number, to: number): void => {
    const unsigned = state()
    const more = state()
    skip(text(from, '-'), unsigned)
    skip(from, unsigned)
    skip(text(unsigned, '0'), to)
    byte(unsigned, 0x31, 0x39, more)
    digits(more, 0, MOST_DIGITS - 1, to)
  }

  const integer = rule()
  whole(integer.from, integer.to)
  end(integer.to)

  const number = rule()
  {
    const afterWhole = state()
    const afterFraction = state()
    whole(number.from, afterWhole)
    skip(afterWhole, afterFraction)
    digits(text(afterWhole, '.'), 1, MOST_DIGITS, afterFraction)
    skip(afterFraction, number.to)
    for (const letter of 'eE') {
      const signed = text(afterFraction, letter)
      const unsigned = state()
      skip(signed, unsigned)
      for (const sign of '+-') skip(text(signed, sign), unsigned)
      digits(unsigned, 1, MOST_EXPONENT_DIGITS, number.to)
    }
    end(number.to)
  }

  const any = rule()
  const member = (from: number): number => {
    const named = state()
    const value = state()
    const done = state()
    const after = state()
    call(from, string, named)
    call(text(named, ':'), blank, value)
    call(value, any.from, done)
    call(done, blank, after)
    return after
  }
  const element = (from: number): number => {
    const done = state()
    const after = state()
    call(from, any.from, done)
    call(done, blank, after)
    return after
  }
  /** `open`, parts with commas between them, `close`. */
  const list = (open: string, part: (from: number) => number, close: string): number => {
    const from = state()
    const first = state()
    const next = state()
    const to = state()
    call(text(from, open), blank, first)
    skip(first, next)
    const after = part(next)
    call(text(after, ','), blank, next)
    for (const at of [first, after]) skip(text(at, close), to)
    end(to)
    return from
  }
  const object = list('{', member, '}')
  const array = list('[', element, ']')
  for (const kind of [string, number.from, object, array]) call(any.from, kind, any.to)
  for (const word of ['true', 'false', 'null']) skip(text(any.from, word), any.to)
  end(any.to)

  return { blank, character, string, integer: integer.from, number: number.from, object, array, any: any.from }
}
