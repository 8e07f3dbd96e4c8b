/** Numbers of a report, as the page and the card write them. */
import type { Language } from '../app/i18n/language.ts'
import type { Report } from './run.ts'

/** "38 ms", "1.4 sec" */
export function formatMs(ms: number, language: Language): string {
  const [value, unit] = ms < 1000 ? [ms, 'millisecond'] : [ms / 1000, 'second']
  const maximumFractionDigits = value < 10 ? 1 : 0
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits }).format(
    value,
  )
}

/** With so many decimals, for a column of them. */
export const formatFixed = (value: number, language: Language, digits: number): string =>
  new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)

/** "37 %" */
export const formatShare = (share: number, language: Language): string =>
  new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(share)

/**
 * Bytes that writing reads in a second (for each token all weights, its keys and values) by what this device can read at
 * most. Undefined where that is not known.
 */
export function readShare({ speeds, steps, info }: Report): number | undefined {
  const [speed] = speeds
  const peak = steps[0]?.profile.peak
  if (!speed || !peak) return undefined
  return (speed.writes * (info.weightBytes + info.kvBytesPerToken * speed.length)) / peak.bytesPerSecond
}
