/** ALiBi (arXiv 2108.12409): slopes that fall by a constant ratio, one for each head; two ways where heads are no power of two. */

/** 2^(−8 · n / count) for n = 1 … count */
const geometric = (count: number): number[] => Array.from({ length: count }, (_, n) => 2 ** ((-8 * (n + 1)) / count))

const everySecond = (slopes: readonly number[], first: 0 | 1): number[] => slopes.filter((_, n) => n % 2 === first)

/** BLOOM and Falcon: the slopes of the power of two below, then every second one of that above. */
export function slopesFromBelow(heads: number): number[] {
  const below = 2 ** Math.floor(Math.log2(heads))
  return [...geometric(below), ...everySecond(geometric(2 * below), 0)].slice(0, heads)
}

/** MPT: those of the power of two above, the second, fourth, … before the first, third, …. */
export function slopesFromAbove(heads: number): number[] {
  const above = 2 ** Math.ceil(Math.log2(heads))
  const slopes = geometric(above)
  return above === heads ? slopes : [...everySecond(slopes, 1), ...everySecond(slopes, 0)].slice(0, heads)
}
