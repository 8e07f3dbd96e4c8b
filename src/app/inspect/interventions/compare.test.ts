import { expect, it } from 'vitest'
import { compare } from './compare.ts'

const logits = (...shares: number[]) => Float32Array.from(shares, (share) => Math.log(share) + 5)

it('compares two distributions', () => {
  const { kl, tokens } = compare(logits(0.5, 0.25, 0.25), logits(0.25, 0.5, 0.25), 1)
  expect(kl).toBeCloseTo(0.25 * Math.log(2), 6)
  expect(tokens.map(({ id }) => id)).toEqual([0, 1])
  expect(tokens[0]!.before).toBeCloseTo(0.5, 6)
  expect(tokens[0]!.after).toBeCloseTo(0.25, 6)
})

it('finds no difference between the same, nor where nothing was likely', () => {
  const some = logits(0.7, 0.3, 0)
  expect(compare(some, some, 2).kl).toBe(0)
  expect(compare(some, logits(0.7, 0.2, 0.1), 3).kl).toBeGreaterThan(0)
  expect(compare(logits(0.5, 0.5), logits(1, 0), 2).kl).toBe(Number.POSITIVE_INFINITY)
})
