import { expect, it } from 'vitest'
import { measured } from './measures.ts'

const seen = (logprob: number, rank: number) => ({ logprob, rank, entropy: 1, top: [] })
const SEEN = [undefined, seen(-1, 3), seen(-2, 1)]

it('takes tokens that share a character together', () => {
  const unit = { from: 1, to: 3, text: '字' }
  expect(measured(unit, SEEN, 'probability')).toBeCloseTo(Math.exp(-3), 12)
  expect(measured(unit, SEEN, 'surprise')).toBe(3)
  expect(measured(unit, SEEN, 'rank')).toBe(3)
})

it('measures nothing where the model said nothing', () => {
  expect(measured({ from: 0, to: 1, text: 'a' }, SEEN, 'rank')).toBeUndefined()
  expect(measured({ from: 2, to: 4, text: '字' }, SEEN, 'rank')).toBeUndefined()
})
