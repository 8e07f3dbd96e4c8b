import { expect, it } from 'vitest'
import { formatBytes, formatBytesOf, formatNumber, formatRate } from './format.ts'
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

it('groups digits, and rounds rates', () => {
  expect(formatNumber(12_345, 'en')).toBe('12,345')
  expect(formatRate(4.26, 'en')).toBe('4.3')
  expect(formatRate(41.6, 'en')).toBe('42')
})

it('speaks the first language that it can', () => {
  expect(preferredLanguage(['zh-Hans-CN', 'en'])).toBe('zh-CN')
  expect(preferredLanguage(['de', 'zh-TW', 'en'])).toBe('zh-CN')
  expect(preferredLanguage(['en-GB', 'zh'])).toBe('en')
  expect(preferredLanguage(['fr'])).toBe('en')
  expect(preferredLanguage([])).toBe('en')
})
