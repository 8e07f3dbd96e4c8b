import { expect, test } from 'vitest'
import { MOST_AHEAD, Pace } from './pace.ts'

/** Tokens that take `workMs` of the GPU each, one after the other, and are heard of `latencyMs` later. */
function settled(workMs: number, latencyMs: number): number {
  const pace = new Pace(latencyMs)
  const heard: number[] = []
  let free = 0 // when the GPU has done what it was given
  for (let n = 0; n < 200; n++) {
    const asked = heard[n - pace.ahead] ?? 0
    free = Math.max(free, asked) + workMs
    heard.push(free + latencyMs)
    pace.mark(heard[n]!)
  }
  return pace.ahead
}

test.each([
  [60, 2, 2], // a slow GPU has one token to do while another is on its way
  [10, 1, 2],
  [5, 1, 3],
  [2, 1.4, 6],
  [0.1, 1.4, MOST_AHEAD],
  [30, 100, 5],
])('tokens of %f ms, news after %f ms: %i ahead', (workMs, latencyMs, ahead) => {
  expect(settled(workMs, latencyMs)).toBe(ahead)
})

test('begins with four, and is not misled by news of several at once', () => {
  const pace = new Pace(2)
  for (let n = 0; n < 32; n++) {
    pace.mark(100 * Math.floor(n / 4))
    if (n < 7) expect(pace.ahead).toBe(4)
  }
  expect(pace.ahead).toBe(2)
})
