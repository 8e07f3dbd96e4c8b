/** Numbers between bounds, digit by digit. */
import { HeadlightError } from '../../errors.ts'
import type { Grammar } from './grammar.ts'
import { MOST_DIGITS } from './json.ts'

export interface Bounds {
  readonly low: Bound | undefined
  readonly high: Bound | undefined
}
export interface Bound {
  readonly value: number
  readonly exclusive: boolean
}

/** A magnitude in decimals: digits before the point, without leading zeros, and after it. */
interface Decimal {
  readonly whole: string
  readonly fraction: string
  readonly exclusive: boolean
}

const ZERO = 0x30

/**
 * A rule: every decimal number between the bounds of at most MOST_DIGITS digits, without exponent; `integer`: without
 * fraction. So few digits survive being read as a double, so that comparing digits is comparing numbers.
 */
export function rangeRule(grammar: Grammar, { low, high }: Bounds, integer: boolean): number {
  const rule = grammar.state()
  const to = grammar.state()
  grammar.end(to)
  const zero: Bound = { value: 0, exclusive: false }
  if (high === undefined || high.value >= 0) {
    magnitudes(grammar, rule, decimal(low && low.value >= 0 ? low : zero), high && decimal(high), integer, to)
  }
  if (low === undefined || low.value < 0) {
    const least = high && high.value <= 0 ? { ...high, value: -high.value } : zero
    const most = low && { ...low, value: -low.value }
    magnitudes(grammar, grammar.text(rule, '-'), decimal(least), most && decimal(most), integer, to)
  }
  return rule
}

function decimal({ value, exclusive }: Bound): Decimal {
  if (!Number.isFinite(value)) {
    throw new HeadlightError('bad-input', `responseFormat: a bound is ${value}, expected a finite number`, {
      option: 'responseFormat',
      found: value,
    })
  }
  const [mantissa = '0', exponent = '0'] = String(Math.abs(value)).split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const point = whole.length + Number(exponent)
  const digits = whole + fraction
  const before = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  const after = point > 0 ? digits.slice(point) : '0'.repeat(-point) + digits
  return { whole: before, fraction: after.replace(/0+$/, ''), exclusive }
}

/** Adds the numbers from `low` to `high`, both at least 0, between `from` and `to`. */
function magnitudes(
  grammar: Grammar,
  from: number,
  low: Decimal,
  high: Decimal | undefined,
  integer: boolean,
  to: number,
): void {
  for (let length = low.whole.length; length <= Math.min(MOST_DIGITS, high?.whole.length ?? MOST_DIGITS); length++) {
    ofLength(grammar, from, { low, high, length, total: integer ? length : MOST_DIGITS }, to)
  }
}

interface Span {
  readonly low: Decimal
  readonly high: Decimal | undefined
  /** Digits before the point. */
  readonly length: number
  /** Digits at most. */
  readonly total: number
}

function ofLength(grammar: Grammar, from: number, { low, high, length, total }: Span, to: number): void {
  const lowDigits = low.whole + low.fraction
  const highDigits = high && high.whole + high.fraction
  const digitOf = (digits: string, i: number) => Number(digits[i] ?? 0)
  const isRestZero = (digits: string, i: number) => /^0*$/.test(digits.slice(i))

  /** May the number end after `i` digits, equal to a bound's first ones where it is `tight`? */
  const fits = (i: number, tightLow: boolean, tightHigh: boolean): boolean => {
    if (tightLow && (!isRestZero(lowDigits, i) || low.exclusive)) return false
    return !(tightHigh && high && highDigits !== undefined && isRestZero(highDigits, i) && high.exclusive)
  }

  const known = new Map<string, number>()
  const visit = (i: number, tightLow: boolean, tightHigh: boolean): number => {
    const key = `${i} ${tightLow} ${tightHigh}`
    const before = known.get(key)
    if (before !== undefined) return before
    const at = grammar.state()
    known.set(key, at)
    if (i >= length && fits(i, tightLow, tightHigh)) grammar.skip(at, to)
    if (i >= total) return at
    const reader = i === length ? grammar.text(at, '.') : at
    step(reader, i, tightLow, tightHigh)
    return at
  }
  const step = (at: number, i: number, tightLow: boolean, tightHigh: boolean): void => {
    const least = tightLow ? digitOf(lowDigits, i) : 0
    const most = tightHigh && highDigits !== undefined ? digitOf(highDigits, i) : 9
    const first = i === 0 && length > 1 ? Math.max(least, 1) : least
    for (let digit = first; digit <= most; digit++) {
      const to = visit(i + 1, tightLow && digit === least, tightHigh && digit === most)
      grammar.byte(at, ZERO + digit, ZERO + digit, to)
    }
  }
  grammar.skip(from, visit(0, low.whole.length === length, high?.whole.length === length))
}
