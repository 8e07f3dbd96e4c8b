/** Which tokens may come next, by state of the automaton: found by a walk through the vocabulary, then remembered. */
import { type Automaton, DEAD, UNKNOWN } from './automaton.ts'
import type { Trie } from './trie.ts'
import type { Vocabulary } from './vocabulary.ts'

export interface Mask {
  /** [⌈vocab / 32⌉] Bit id % 32 of word ⌊id / 32⌋: whether the text may go on with the id. */
  readonly bits: Uint32Array<ArrayBuffer>
  /** The most tokens that the shortest end takes after one of them. */
  worst: number
}

/** Remembered at most, lest a long text of many states fills the memory. */
const MOST_BYTES = 64 * 2 ** 20

/** @returns the tokens that may follow `state`, and leave an end within reach of `most` more */
export function createMasks(
  automaton: Automaton,
  { size, all, special, plain }: Vocabulary,
): (state: number, most: number) => Mask {
  const { rows, costs } = automaton
  const words = Math.ceil(size / 32)
  const everyPlain = new Uint32Array(words)
  for (const ids of plain) for (const id of ids) set(everyPlain, id)
  const path = new Int32Array(all.deepest + 1) // states from the root to the node before
  const known = new Map<number, Mask>()

  const walk = ({ length, bytes, depths, afters, ids, twins }: Trie, mask: Mask, state: number, most: number): void => {
    path[0] = state
    for (let node = 0; node < length; ) {
      const depth = depths[node]!
      const before = path[depth - 1]!
      const byte = bytes[node]!
      let reached = rows[before]![byte]!
      if (reached === UNKNOWN) reached = automaton.next(before, byte)
      if (reached === DEAD) {
        node = afters[node]!
        continue
      }
      path[depth] = reached
      const cost = costs[reached]!
      if (ids[node]! >= 0 && cost <= most) {
        mask.worst = Math.max(mask.worst, cost)
        for (let id = ids[node]!; id >= 0; id = twins[id]!) set(mask.bits, id)
      }
      node++
    }
  }

  /** The plain tokens that may follow: inside strings most may. Undefined where they have to be looked at one by one. */
  const plainMask = (state: number, most: number): Mask | undefined => {
    const step = automaton.afterCharacter(state)
    if (step === undefined) return undefined
    if (step === state) {
      const fits = costs[state]! <= most
      return fits ? { bits: everyPlain.slice(), worst: costs[state]! } : { bits: new Uint32Array(words), worst: 0 }
    }
    const mask: Mask = { bits: new Uint32Array(words), worst: 0 }
    let at = state
    for (const ids of plain.slice(1)) {
      const next = automaton.afterCharacter(at)
      if (next === undefined) return undefined
      if (next === DEAD) break
      at = next
      if (costs[at]! > most) continue
      mask.worst = Math.max(mask.worst, costs[at]!)
      for (const id of ids) set(mask.bits, id)
    }
    return mask
  }

  const find = (state: number, most: number): Mask => {
    const mask = plainMask(state, most)
    if (mask) walk(special, mask, state, most)
    if (mask) return mask
    const found: Mask = { bits: new Uint32Array(words), worst: 0 }
    walk(all, found, state, most)
    return found
  }

  return (state, most) => {
    let mask = known.get(state)
    if (!mask) {
      mask = find(state, Number.POSITIVE_INFINITY)
      if ((known.size + 1) * words * 4 > MOST_BYTES) known.clear()
      known.set(state, mask)
    }
    return mask.worst <= most ? mask : find(state, most)
  }
}

function set(bits: Uint32Array, id: number): void {
  bits[id >>> 5]! |= 1 << (id & 31)
}
