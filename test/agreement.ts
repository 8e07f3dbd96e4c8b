/** A kernel's answer beside the oracle's; the largest error of each kernel is kept for `npm run accuracy`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { gpu } from './gpu.ts'
import { relativeError } from './numbers.ts'

const FOLDER = new URL('../.cache/accuracy/', import.meta.url)
const largest: Record<string, number> = {}

/** Agreement of float32 sums in any order with float64 ones. Not to be loosened. */
const TOLERANCE = 1e-5

export function expectAgreement(
  kernel: { readonly entry: string },
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  tolerance = TOLERANCE,
): void {
  const error = relativeError(got, want)
  if (error > (largest[kernel.entry] ?? -1)) {
    largest[kernel.entry] = error
    mkdirSync(FOLDER, { recursive: true })
    const worker = process.env['VITEST_POOL_ID'] ?? '1' // each has tests of its own
    const name = `${gpu.info.vendor}-${gpu.info.architecture}.${worker}.json`
    writeFileSync(new URL(name, FOLDER), JSON.stringify(largest))
  }
  expect(error, kernel.entry).toBeLessThan(tolerance)
}
