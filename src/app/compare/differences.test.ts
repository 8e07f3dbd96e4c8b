import { expect, it } from 'vitest'
import { differencesOf } from './differences.ts'

it('names what is not the same, in the order of the panel', () => {
  const first = { values: { topP: 0.9, temperature: 0.3, topK: 40 } }
  const second = { values: { temperature: 1.2, topK: 40, minP: 0.05 } }
  expect(differencesOf(first, second)).toEqual([
    { name: 'temperature', values: [0.3, 1.2] },
    { name: 'topP', values: [0.9, undefined] },
    { name: 'minP', values: [undefined, 0.05] },
  ])
  expect(differencesOf(first, first)).toEqual([])
})
