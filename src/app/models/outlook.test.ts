import { expect, it } from 'vitest'
import { catalogue } from './catalogue.ts'
import { outlookOf } from './outlook.ts'

const GB = 1e9
const [small] = catalogue as [(typeof catalogue)[number]]
const large = { ...small, bytes: 3 * GB }
const laptop = { memoryBytes: 8 * GB, freeBytes: 50 * GB, software: false }

it('goes by memory, storage, and whether there is a GPU at all', () => {
  expect(outlookOf(large, laptop)).toBe('fits')
  expect(outlookOf(large, { ...laptop, memoryBytes: 4 * GB })).toBe('tight')
  expect(outlookOf(large, { ...laptop, memoryBytes: undefined })).toBe('tight')
  expect(outlookOf(small, { ...laptop, memoryBytes: undefined })).toBe('fits')
  expect(outlookOf(large, { ...laptop, freeBytes: GB })).toBe('unstored')
  expect(outlookOf(large, { ...laptop, freeBytes: undefined })).toBe('fits')
  expect(outlookOf(large, { ...laptop, software: true })).toBe('slow')
  expect(outlookOf(small, { ...laptop, software: true })).toBe('fits')
})
