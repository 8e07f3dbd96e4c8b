import { expect, it } from 'vitest'
import type { HeadVectors } from '../../../index.ts'
import { rowOf, stepsOf } from './steps.ts'

const of = (...numbers: number[]) => Float32Array.from(numbers)
const KEYS = of(1, 0, 0, 1, 1, 1)

/** As the engine tells of a position, with a slope of `slope` for each token of distance. */
function vectors(row: number, query: Float32Array<ArrayBuffer>, slope = 0): HeadVectors {
  const keys = KEYS.slice(0, 2 * (row + 1))
  const dot = (key: number) => keys[2 * key]! * query[0]! + keys[2 * key + 1]! * query[1]!
  const scores = Float32Array.from({ length: row + 1 }, (_, key) => dot(key) * 0.5 - slope * (row - key))
  const weights = new Float32Array(row + 1).fill(1 / (row + 1))
  return { layer: 0, head: 0, query, keys, values: keys, scale: 0.5, scores, weights, output: of(7, 8) }
}

it('takes a query through the steps of attention, and hides what comes later', () => {
  const all = [vectors(0, of(1, 0)), vectors(1, of(0, 2)), vectors(2, of(1, 1))]
  const { scores, scaled, masked, isBent, weights, output } = stepsOf(all, 1)!
  expect([...scores]).toEqual([0, 2, 2])
  expect([...scaled]).toEqual([0, 1, 1])
  expect([...masked]).toEqual([0, 1, Number.NEGATIVE_INFINITY])
  expect([...weights]).toEqual([0.5, 0.5, 0])
  expect([...output]).toEqual([7, 8])
  expect(isBent).toBe(false)
  expect([...rowOf(KEYS, 1, 3)]).toEqual([0, 1])
})

it('notices scores that distance changes, and a query that is not there', () => {
  const all = [vectors(0, of(1, 0)), vectors(1, of(0, 2), 0.25)]
  expect(stepsOf(all, 1)?.isBent).toBe(true)
  expect(stepsOf(all, 2)).toBeUndefined()
})
