/** Ids that are listed get their text. */
import type { Listed } from '../../shaders/top.ts'
import type { Candidate, Tokenizer } from '../engine/types.ts'

export type Spell = (listed: readonly Listed[]) => readonly Candidate[]

/** @param tokenizer undefined: of a model whose tokens have no text */
export const speller =
  (tokenizer: Tokenizer | undefined): Spell =>
  (listed) =>
    listed.map((each) => ({ ...each, text: tokenizer?.decode([each.id]) ?? '' }))
