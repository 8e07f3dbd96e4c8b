/**
 * A grammar, run on bytes. What it may be doing after some bytes is a set of stacks (of where its rules go on); each set
 * that occurs becomes a numbered state, found once, so that text takes one look-up a byte.
 */
import { mayBePlain } from './characters.ts'
import type { Grammar } from './grammar.ts'

/** In a row: no text goes on like this, and: not known yet. */
export const DEAD = -1
export const UNKNOWN = -2

export interface Automaton {
  /** DEAD where the grammar has no text at all. */
  readonly start: number
  /** By state: what follows each byte, DEAD, or UNKNOWN: then ask `next`. */
  readonly rows: readonly Int32Array[]
  /** By state: tokens that the shortest end takes. 0: a text may end here. */
  readonly costs: readonly number[]
  next(state: number, byte: number): number
  /** The one state that every character leads to that stands in a string as it is, or DEAD; undefined: to several. */
  afterCharacter(state: number): number | undefined
}

/** The parent of the lowest rule on a stack. */
const NONE = -1

/** @param distances by the grammar's states: tokens to the end of the rule; Infinity where there is no way */
export function createAutomaton({ states }: Grammar, root: number, distances: Float64Array): Automaton {
  // A stack: where its uppermost rule is, and the stack that goes on after that rule.
  const stackStates: number[] = []
  const parents: number[] = []
  const stackCosts: number[] = []
  const stackIds = new Map<number, number>()
  const stackOf = (state: number, parent: number): number => {
    const key = (parent + 1) * states.length + state
    let stack = stackIds.get(key)
    if (stack === undefined) {
      stack = stackStates.push(state) - 1
      parents.push(parent)
      stackCosts.push(distances[state]! + (parent === NONE ? 0 : stackCosts[parent]!))
      stackIds.set(key, stack)
    }
    return stack
  }

  const sets: number[][] = []
  const costs: number[] = []
  const rows: Int32Array[] = []
  const setIds = new Map<string, number>()

  /** The state of everything that can be reached from these stacks without a byte. */
  const stateOf = (seeds: readonly number[]): number => {
    const seen = new Set<number>()
    const waiting = [...seeds]
    let complete = false
    for (let stack = waiting.pop(); stack !== undefined; stack = waiting.pop()) {
      if (seen.has(stack) || stackCosts[stack] === Number.POSITIVE_INFINITY) continue
      seen.add(stack)
      const parent = parents[stack]!
      const { ends, skips, calls } = states[stackStates[stack]!]!
      if (ends && parent === NONE) complete = true
      if (ends && parent !== NONE) waiting.push(parent)
      for (const to of skips) waiting.push(stackOf(to, parent))
      // A rule that ends with another does not wait for it: stacks grow with the depth of the text only.
      for (const { rule, to } of calls) waiting.push(stackOf(rule, onlyEnds(to) ? parent : stackOf(to, parent)))
    }
    const set = [...seen].filter((stack) => states[stackStates[stack]!]!.bytes.length > 0).sort((a, b) => a - b)
    if (set.length === 0 && !complete) return DEAD
    const key = `${complete} ${set.join()}`
    let id = setIds.get(key)
    if (id === undefined) {
      id = sets.push(set) - 1
      costs.push(
        complete ? 0 : set.reduce((least, stack) => Math.min(least, stackCosts[stack]!), Number.POSITIVE_INFINITY),
      )
      rows.push(new Int32Array(256).fill(UNKNOWN))
      setIds.set(key, id)
    }
    return id
  }

  const onlyEnds = (at: number) => {
    const { ends, bytes, calls, skips } = states[at]!
    return ends && bytes.length + calls.length + skips.length === 0
  }

  const afterCharacters = new Map<number, number | undefined>()
  const findAfterCharacter = (state: number): number | undefined => {
    const stacks = sets[state]!
    const reading = stacks.filter((stack) => states[stackStates[stack]!]!.readsCharacter)
    const others = stacks.filter((stack) => !reading.includes(stack)).map((stack) => states[stackStates[stack]!]!)
    if (others.some(({ bytes }) => bytes.some(({ low, high }) => mayBePlain(low, high)))) return undefined
    return stateOf(reading.map((stack) => parents[stack]!))
  }

  return {
    start: stateOf([stackOf(root, NONE)]),
    rows,
    costs,
    next(state, byte) {
      const row = rows[state]!
      if (row[byte] === UNKNOWN) {
        const reached = sets[state]!.flatMap((stack) =>
          states[stackStates[stack]!]!.bytes.filter(({ low, high }) => low <= byte && byte <= high).map(({ to }) =>
            stackOf(to, parents[stack]!),
          ),
        )
        row[byte] = stateOf(reached)
      }
      return row[byte]!
    },
    afterCharacter(state) {
      if (!afterCharacters.has(state)) afterCharacters.set(state, findAfterCharacter(state))
      return afterCharacters.get(state)
    },
  }
}
