import { expect, it } from 'vitest'
import { rowOf, stepsOf } from './steps.ts'

const of = (...numbers: number[]) => Float32Array.from(numbers)
const HEAD = { positions: 3, q: of(1, 0, 0, 2, 1, 1), k: of(1, 0, 0, 1, 1, 1), v: of(1, 2, 4) }

it('takes a query through the steps of attention', () => {
  const { headDim, scale, scores, scaled, masked, weights, output } = stepsOf(HEAD, 1)
  expect(headDim).toBe(2)
  expect(scale).toBeCloseTo(Math.SQRT1_2, 12)
  expect([...scores]).toEqual([0, 2, 2])
  expect([...scaled]).toEqual([0, 2, 2].map((score) => Math.fround(score * Math.SQRT1_2)))
  expect(masked[2]).toBe(Number.NEGATIVE_INFINITY)
  const share = 1 / (1 + Math.exp(-Math.SQRT2))
  expect(weights[1]).toBeCloseTo(share, 6)
  expect(weights[2]).toBe(0)
  expect(output[0]).toBeCloseTo(1 - share + 2 * share, 6)
  expect([...rowOf(HEAD.q, 1, 3)]).toEqual([0, 2])
})

it('knows windows, slopes and a scale of its own', () => {
  expect([...stepsOf({ ...HEAD, window: 1 }, 2).weights]).toEqual([0, 0, 1])
  expect([...stepsOf({ ...HEAD, scale: 1, slope: 0.5 }, 2).masked]).toEqual([0, 0.5, 2])
})
