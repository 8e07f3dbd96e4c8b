import { expect, it } from 'vitest'
import {
  formatBytes,
  formatBytesOf,
  formatCount,
  formatDay,
  formatDuration,
  formatNumber,
  formatRate,
  formatWhen,
} from './format.ts'
import { preferredLanguage } from './language.ts'

it('writes bytes in a unit that keeps them short', () => {
  expect(formatBytes(0, 'en')).toBe('0 B')
  expect(formatBytes(999, 'en')).toBe('999 B')
  expect(formatBytes(1500, 'en')).toBe('1.5 kB')
  expect(formatBytes(6_303_744, 'en')).toBe('6.3 MB')
  expect(formatBytes(999_900, 'zh-CN')).toBe('1 MB')
  expect(formatBytes(123_456_789, 'en')).toBe('123 MB')
  expect(formatBytes(4_000_000_000, 'zh-CN')).toBe('4 GB')
})

it('writes how far a download is in the unit of its end', () => {
  expect(formatBytesOf(500_000, 6_300_000, 'en')).toBe('0.5 / 6.3 MB')
  expect(formatBytesOf(500_000, 0, 'en')).toBe('500 kB')
})

it('writes counts and durations as roughly as they are meant', () => {
  expect(formatCount(134_515_008, 'en')).toBe('135M')
  expect(formatCount(1_711_376_384, 'en')).toBe('1.71B')
  expect(formatCount(134_515_008, 'zh-CN')).toBe('1.35亿')
  expect(formatDuration(0.2, 'en')).toBe('1 sec')
  expect(formatDuration(200, 'en')).toBe('3 min')
  expect(formatDuration(200, 'zh-CN')).toBe('3分钟')
  expect(formatDuration(5400, 'en')).toBe('1.5 hr')
})

it('groups digits, and rounds rates', () => {
  expect(formatNumber(12_345, 'en')).toBe('12,345')
  expect(formatRate(4.26, 'en')).toBe('4.3')
  expect(formatRate(41.6, 'en')).toBe('42')
})

it('says how long ago a day was', () => {
  const now = new Date(2026, 2, 31, 0, 30).getTime()
  const before = (days: number, hours = 0) => now - days * 86_400_000 - hours * 3_600_000
  expect(formatDay(before(0), now, 'en')).toBe('today')
  expect(formatDay(before(0, -1), now, 'en')).toBe('today') // a clock that was set back
  expect(formatDay(before(0, 1), now, 'en')).toBe('yesterday')
  expect(formatDay(before(3), now, 'en')).toBe('3 days ago')
  expect(formatDay(before(3), now, 'zh-CN')).toBe('3天前')
  expect(formatDay(before(8), now, 'en')).toBe('last week')
  expect(formatDay(before(70), now, 'en')).toBe('2 months ago')
  expect(formatDay(before(800), now, 'zh-CN')).toBe('2年前')
})

it('tells the time of what was today', () => {
  const now = new Date(2026, 2, 31, 16, 47).getTime()
  expect(formatWhen(now - 60_000, now, 'zh-CN')).toBe('16:46')
  expect(formatWhen(now - 86_400_000, now, 'en')).toBe('yesterday')
})

it('speaks the first language that it can', () => {
  expect(preferredLanguage(['zh-Hans-CN', 'en'])).toBe('zh-CN')
  expect(preferredLanguage(['de', 'zh-TW', 'en'])).toBe('zh-CN')
  expect(preferredLanguage(['en-GB', 'zh'])).toBe('en')
  expect(preferredLanguage(['fr'])).toBe('en')
  expect(preferredLanguage([])).toBe('en')
})
