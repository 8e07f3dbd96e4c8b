/** Numbers as a reader of the language writes them. */
import type { Language } from './language.ts'

const formats = new Map<string, Intl.NumberFormat>()

export function formatNumber(value: number, language: Language, digits = 0): string {
  const key = `${language} ${digits}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.NumberFormat(language, { maximumFractionDigits: digits })
    formats.set(key, format)
  }
  return format.format(value)
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** The power of 1000 in whose unit `bytes` is a short number. */
function unitOf(bytes: number): number {
  if (bytes < 1000) return 0
  const power = Math.floor(Math.log10(bytes) / 3)
  const rounded = bytes / 1000 ** power >= 999.5 ? power + 1 : power // not "1,000 kB"
  return Math.min(rounded, UNITS.length - 1)
}

const inUnit = (bytes: number, unit: number, language: Language): string => {
  const value = bytes / 1000 ** unit
  return formatNumber(value, language, unit > 0 && value < 100 ? 1 : 0)
}

/** "6.3 MB": decimal units, as downloads are counted. */
export function formatBytes(bytes: number, language: Language): string {
  const unit = unitOf(bytes)
  return `${inUnit(bytes, unit, language)} ${UNITS[unit]}`
}

/** "3.1 / 6.3 MB", in the unit of the total; "3.1 MB" while the total is not known. */
export function formatBytesOf(done: number, total: number, language: Language): string {
  if (total <= 0) return formatBytes(done, language)
  const unit = unitOf(total)
  return `${inUnit(done, unit, language)} / ${inUnit(total, unit, language)} ${UNITS[unit]}`
}

/** "135M", "1.35亿": a number of which only the size matters. */
export const formatCount = (value: number, language: Language): string =>
  new Intl.NumberFormat(language, { notation: 'compact', maximumSignificantDigits: 3 }).format(value)

/** "40 sec", "3 min", "1.5 hr": as exactly as an estimate deserves. */
export function formatDuration(seconds: number, language: Language): string {
  const [value, unit] =
    seconds < 60
      ? [Math.ceil(seconds), 'second']
      : seconds < 3600
        ? [Math.round(seconds / 60), 'minute']
        : [Math.round(seconds / 360) / 10, 'hour']
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
}

/** A rate: with a decimal only where it says something. */
export const formatRate = (perSecond: number, language: Language): string =>
  formatNumber(perSecond, language, perSecond < 10 ? 1 : 0)

const DAY_MS = 86_400_000

/** "today", "3 days ago", "last month": by the calendar, in the largest unit that fits. Both in milliseconds since 1970. */
export function formatDay(then: number, now: number, language: Language): string {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0)
  const days = Math.min(0, Math.round((midnight(then) - midnight(now)) / DAY_MS)) // an hour more or less in spring
  const [value, unit] =
    days > -7
      ? [days, 'day' as const]
      : days > -30
        ? [Math.trunc(days / 7), 'week' as const]
        : days > -365
          ? [Math.trunc(days / 30), 'month' as const]
          : [Math.trunc(days / 365), 'year' as const]
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(value, unit)
}

/** The time, if it is of today; otherwise the day. */
export function formatWhen(then: number, now: number, language: Language): string {
  const isToday = new Date(then).toDateString() === new Date(now).toDateString()
  return isToday
    ? new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(then)
    : formatDay(then, now, language)
}
