/** Another token in place of one of the text: where it stands in the text, and how it is spelled there. */
import type { Model } from '../../../index.ts'
import type { ShownToken } from '../tokens/units.ts'

const CUT = '\uFFFD'
const WHOLE = { skipSpecialTokens: false, partial: true } as const
/** Tokens before a place that decide how what comes next is spelled: a space, or none. */
const NEAR = 4

/** In UTF-16 units; undefined where the text does not end with the tokens' own words, or one begins in a character. */
export function offsetOf(text: string, tokens: readonly ShownToken[], position: number): number | undefined {
  const rest = tokens.slice(position).map((token) => token.text)
  const words = rest.join('')
  const isBetween = position === 0 || tokens[position - 1]?.text !== ''
  return isBetween && text.endsWith(words) ? text.length - words.length : undefined
}

/** Undefined where the token is no text by itself: a part of a character, or the end of a text. */
export function wordsOf(
  tokens: readonly ShownToken[],
  position: number,
  id: number,
  { tokenizer, info }: Pick<Model, 'tokenizer' | 'info'>,
): string | undefined {
  if (info.endOfText.includes(id)) return undefined
  const before = tokens.slice(Math.max(0, position - NEAR), position).map((token) => token.id)
  const words = tokenizer.decode([...before, id], WHOLE).slice(tokenizer.decode(before, WHOLE).length)
  return words === '' || words.includes(CUT) ? undefined : words
}
