/** Test data, the same in each run, and how far two answers are apart. */

/** Numbers between −1 and 1 with no short period. */
export const wave = (length: number, frequency = 1): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * frequency + (i % 7) * 0.37))

/**
 * Numbers whose signs and fractions are random. Of 32 in a row, which weights are rounded by, most are of one magnitude
 * and some up to 2^16 times smaller; from one such row to the next magnitudes go from 2^-30 to 2^2.
 */
export function randomNumbers(length: number, seed = 1): Float32Array<ArrayBuffer> {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state
  }
  const bits = new Uint32Array(length)
  let largest = 0
  for (let i = 0; i < length; i++) {
    if (i % 32 === 0) largest = 97 + (next() >>> 27)
    const smaller = Math.clz32(next()) // each step half as often as the one before
    bits[i] = (next() & 0x80000000) | ((largest - Math.min(smaller, 16)) << 23) | (next() >>> 9)
  }
  return new Float32Array(bits.buffer)
}

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
