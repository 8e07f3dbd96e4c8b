/** How many tokens of a vocabulary it takes at most to bring each rule of a grammar to its end. */
import type { Grammar } from './grammar.ts'
import { prefixLengths, type Trie } from './trie.ts'

/**
 * By state; Infinity where these tokens cannot end it. Counts tokens of one byte, and in fixed texts longer ones: it may
 * be more than the fewest, but there always is a token that makes it one less.
 */
export function distancesOf({ states, chains }: Grammar, trie: Trie): Float64Array {
  // By byte: how many lower ones are tokens of their own.
  const below = new Uint16Array(257)
  for (let node = 0; node < trie.length; node = trie.afters[node]!) {
    if (trie.ids[node]! >= 0) below[trie.bytes[node]! + 1] = 1
  }
  for (let byte = 0; byte < 256; byte++) below[byte + 1]! += below[byte]!

  const tokens = new Map<number, number[]>()
  for (const { states: path, bytes } of chains) {
    for (let i = 0; i < bytes.length; i++) {
      const ends = prefixLengths(trie, bytes, i).map((length) => path[i + length]!)
      if (ends.length > 0) tokens.set(path[i]!, [...(tokens.get(path[i]!) ?? []), ...ends])
    }
  }

  const distances = new Float64Array(states.length).fill(Number.POSITIVE_INFINITY)
  const shortest = (at: number): number => {
    const { bytes, calls, skips, ends } = states[at]!
    let least = ends ? 0 : Number.POSITIVE_INFINITY
    for (const to of skips) least = Math.min(least, distances[to]!)
    for (const to of tokens.get(at) ?? []) least = Math.min(least, 1 + distances[to]!)
    for (const { rule, to } of calls) least = Math.min(least, distances[rule]! + distances[to]!)
    for (const { low, high, to } of bytes) {
      if (below[high + 1]! > below[low]!) least = Math.min(least, 1 + distances[to]!)
    }
    return least
  }
  // Most edges lead to later states, so that a few rounds from the last to the first settle all.
  for (let changed = true; changed; ) {
    changed = false
    for (let at = states.length - 1; at >= 0; at--) {
      const least = shortest(at)
      if (least < distances[at]!) {
        distances[at] = least
        changed = true
      }
    }
  }
  return distances
}
