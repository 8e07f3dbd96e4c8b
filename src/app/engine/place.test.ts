import { expect, it } from 'vitest'
import { placeAt } from './place.ts'

it('is the end of the text, without the spaces there', () => {
  expect(placeAt('Once', 4, false)).toEqual({ start: 4, removed: 0, inserted: '' })
  expect(placeAt('Once  ', 6, false)).toEqual({ start: 4, removed: 2, inserted: '' })
})

it('is the cursor: what follows gives way', () => {
  expect(placeAt('Once upon a time', 10, false)).toEqual({ start: 9, removed: 7, inserted: '' })
  expect(placeAt('Once', 0, false)).toEqual({ start: 0, removed: 4, inserted: '' })
})

it('begins a line below a title', () => {
  expect(placeAt('春晓', 2, true)).toEqual({ start: 2, removed: 0, inserted: '\n' })
  expect(placeAt('春晓\n春眠', 2, true)).toEqual({ start: 2, removed: 3, inserted: '\n' })
  expect(placeAt('春晓 ', 3, true)).toEqual({ start: 2, removed: 1, inserted: '\n' })
})
