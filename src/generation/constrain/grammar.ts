/**
 * A grammar over bytes: rules, each an automaton whose edges read a byte, call a rule, or read nothing. A rule is named
 * by its first state. Built by what knows JSON and schemas; read by `automaton.ts`.
 */

export interface State {
  /** Bytes from `low` to `high`, both included. */
  readonly bytes: { readonly low: number; readonly high: number; readonly to: number }[]
  /** Another rule, and where to go on after it. */
  readonly calls: { readonly rule: number; readonly to: number }[]
  readonly skips: number[]
  /** Whether the rule may end here. */
  ends: boolean
  /** Whether any character that stands in a string as it is leads from here to the end of the rule. */
  readsCharacter: boolean
}

/** A fixed text, as bytes; `states[i]` comes before byte i. A vocabulary may write many of its bytes with one token. */
export interface Chain {
  readonly states: readonly number[]
  readonly bytes: Uint8Array
}

export interface Grammar {
  readonly states: readonly State[]
  readonly chains: readonly Chain[]
  /** A new state, or a new rule's first. */
  state(): number
  end(at: number): void
  /** Says of a rule that it reads any character of a string. */
  readCharacter(rule: number): void
  byte(from: number, low: number, high: number, to: number): void
  call(from: number, rule: number, to: number): void
  skip(from: number, to: number): void
  /** @returns the state after `text` */
  text(from: number, text: string): number
}

export function createGrammar(): Grammar {
  const states: State[] = []
  const chains: Chain[] = []
  const utf8 = new TextEncoder()
  const grammar: Grammar = {
    states,
    chains,
    state: () => states.push({ bytes: [], calls: [], skips: [], ends: false, readsCharacter: false }) - 1,
    end(at) {
      states[at]!.ends = true
    },
    readCharacter(rule) {
      states[rule]!.readsCharacter = true
    },
    byte(from, low, high, to) {
      states[from]!.bytes.push({ low, high, to })
    },
    call(from, rule, to) {
      states[from]!.calls.push({ rule, to })
    },
    skip(from, to) {
      states[from]!.skips.push(to)
    },
    text(from, text) {
      const bytes = utf8.encode(text)
      const path = [from]
      for (const byte of bytes) {
        const to = grammar.state()
        grammar.byte(path.at(-1)!, byte, byte, to)
        path.push(to)
      }
      chains.push({ states: path, bytes })
      return path.at(-1)!
    },
  }
  return grammar
}
