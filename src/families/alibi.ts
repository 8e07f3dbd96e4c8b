/**
 * ALiBi (arXiv 2108.12409): slopes that fall by a constant ratio, one for each head. Where heads are no power of two:
 * those of the power of two below, then every second one of that above.
 */
export function alibiSlopes(heads: number): number[] {
  const below = 2 ** Math.floor(Math.log2(heads))
  return [...geometric(below), ...geometric(2 * below).filter((_, n) => n % 2 === 0)].slice(0, heads)
}

/** 2^(−8 · n / count) for n = 1 … count */
const geometric = (count: number): number[] => Array.from({ length: count }, (_, n) => 2 ** ((-8 * (n + 1)) / count))
