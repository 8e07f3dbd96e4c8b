/** Text that is held to a format: before each token says which may come, so that what is written is whole at any limit. */
import type { ResponseFormat } from '../../engine/types.ts'
import { HeadlightError } from '../../errors.ts'
import { type Automaton, createAutomaton, DEAD } from './automaton.ts'
import { compileJson, compileSchema } from './compile.ts'
import { distancesOf } from './distances.ts'
import { createGrammar } from './grammar.ts'
import { createMasks } from './masks.ts'
import type { Vocabulary } from './vocabulary.ts'

export interface Constraint {
  /** Tokens within which a whole text can surely be written. */
  readonly shortest: number
  /** True when the text is whole, and nothing but blanks could follow. */
  readonly over: boolean
  /**
   * [⌈vocab / 32⌉] Bit id % 32 of word ⌊id / 32⌋: whether the id may come next, where `left` tokens may still be written,
   * this one among them. Never empty while `left` is no less than what `shortest` was, less one for each token since.
   * Good until the next call.
   */
  allowed(left: number): Uint32Array<ArrayBuffer>
  /** Goes on by an id that was allowed. */
  accept(id: number): void
}

type Masks = ReturnType<typeof createMasks>

/** What was last asked of a vocabulary: the next text often is of the same format. */
const latest = new WeakMap<Vocabulary, { readonly key: string; readonly automaton: Automaton; readonly masks: Masks }>()

/**
 * @param endOfText ids that end the text; allowed where it is whole. None: it ends where it can.
 * @throws HeadlightError `bad-input`: a schema that is none, that uses what is not supported (by name), or that no text
 * fits which these tokens can write
 */
export function createConstraint(
  format: ResponseFormat,
  vocabulary: Vocabulary,
  endOfText: readonly number[],
): Constraint {
  const { automaton, masks } = prepare(format, vocabulary)
  // A token that is text as well would be read as text.
  const ends = endOfText.filter((id) => !vocabulary.bytesOf(id))
  const bits = new Uint32Array(Math.ceil(vocabulary.size / 32))
  let state = automaton.start

  return {
    shortest: automaton.costs[state]!,
    get over() {
      return automaton.costs[state] === 0 && (ends.length === 0 || !goesOn(automaton, state))
    },
    allowed(left) {
      bits.set(masks(state, left - 1).bits)
      if (automaton.costs[state] === 0) for (const id of ends) bits[id >>> 5]! |= 1 << (id & 31)
      return bits
    },
    accept(id) {
      for (const byte of vocabulary.bytesOf(id) ?? []) state = automaton.next(state, byte)
    },
  }
}

function prepare(
  format: ResponseFormat,
  vocabulary: Vocabulary,
): { readonly automaton: Automaton; readonly masks: Masks } {
  const key = JSON.stringify(format)
  const before = latest.get(vocabulary)
  if (before?.key === key) return before
  const grammar = createGrammar()
  const root = ruleOf(format)
  const automaton = createAutomaton(grammar, root, distancesOf(grammar, vocabulary.all))
  if (automaton.start === DEAD) {
    throw new HeadlightError(
      'bad-input',
      'responseFormat: no text fits the schema, or none that this tokenizer can write',
      { option: 'responseFormat' },
    )
  }
  const prepared = { key, automaton, masks: createMasks(automaton, vocabulary) }
  latest.set(vocabulary, prepared)
  return prepared

  function ruleOf(format: ResponseFormat): number {
    if (format.type === 'json') return compileJson(grammar)
    if (format.type === 'json_schema') return compileSchema(grammar, format.schema)
    throw new HeadlightError(
      'bad-input',
      `responseFormat: got type ${JSON.stringify((format as { type?: unknown }).type)}, expected json or json_schema`,
      { option: 'responseFormat', expected: 'json or json_schema' },
    )
  }
}

const BLANKS = [0x20, 0x0a]

/** Whether something other than blanks may follow. */
function goesOn(automaton: Automaton, state: number): boolean {
  for (let byte = 0; byte < 256; byte++) {
    if (!BLANKS.includes(byte) && automaton.next(state, byte) !== DEAD) return true
  }
  return false
}
