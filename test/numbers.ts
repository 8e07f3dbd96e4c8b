/** Test data without a random generator, and how far two answers are apart. */

/** Numbers between −1 and 1 with no short period. */
export const wave = (length: number, frequency = 1): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * frequency + (i % 7) * 0.37))

/** Largest |got − want|, relative to the largest |want|: how a float32 sum should be judged. */
export function relativeError(got: ArrayLike<number>, want: ArrayLike<number>): number {
  if (got.length !== want.length) throw new Error(`lengths differ: got ${got.length}, want ${want.length}`)
  let difference = 0
  let largest = 0
  for (let i = 0; i < want.length; i++) {
    const d = Math.abs(got[i]! - want[i]!)
    if (!(d <= Number.MAX_VALUE)) return Number.POSITIVE_INFINITY
    difference = Math.max(difference, d)
    largest = Math.max(largest, Math.abs(want[i]!))
  }
  return difference / (largest || 1)
}
