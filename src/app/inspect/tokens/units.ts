/** Tokens as a reader sees them: whole characters. */

/** One token; `text` is of whole characters, those that this token completes. Empty: a part of the next one's character. */
export interface ShownToken {
  readonly id: number
  readonly text: string
}

/** What is shown as one: a token, or several that share a character. `from` and `to` are positions, `to` excluded. */
export interface Unit {
  readonly from: number
  readonly to: number
  readonly text: string
}

type Decode = (ids: readonly number[], options: { skipSpecialTokens: false; partial: true }) => string

const WHOLE = { skipSpecialTokens: false, partial: true } as const
const CUT = '\uFFFD'
/** No character takes more byte tokens: what is still broken then is bytes that are no text. */
const LONGEST_CHARACTER = 4

/** The text of each of `ids`, as the whole sequence spells them: a first token's space is there where it is. */
export function showTokens(ids: readonly number[], decode: Decode): ShownToken[] {
  const shown: ShownToken[] = []
  let before: readonly number[] = []
  let pending: number[] = []
  for (const id of ids) {
    pending.push(id)
    const text = decode([...before, ...pending], WHOLE).slice(before.length > 0 ? decode(before, WHOLE).length : 0)
    const isCut = text.endsWith(CUT) && pending.length < LONGEST_CHARACTER
    shown.push({ id, text: isCut ? '' : text })
    if (isCut) continue
    before = pending
    pending = []
  }
  return shown
}

export function unitsOf(tokens: readonly ShownToken[]): Unit[] {
  const units: Unit[] = []
  let from = 0
  for (const [i, { text }] of tokens.entries()) {
    if (text === '' && i < tokens.length - 1) continue
    units.push({ from, to: i + 1, text: text || CUT })
    from = i + 1
  }
  return units
}

/** What can be seen of a text that may be nothing but space, or a part of a character. */
export const visible = (text: string): string => text.trim() || text.replaceAll('\n', '↵').replaceAll(/\s/g, '␣') || CUT

/** Beside others of the same letters: a word is not the one that begins with a space. */
export const spaced = (text: string): string =>
  text.trim() ? text.replace(/^\s+/, (space) => visible(space)) : visible(text)

/** A short name for each token: of several that share a character, "字 1/3". */
export function labelsOf(tokens: readonly ShownToken[]): string[] {
  return unitsOf(tokens).flatMap(({ from, to, text }) =>
    Array.from({ length: to - from }, (_, i) => (to - from > 1 ? `${text} ${i + 1}/${to - from}` : visible(text))),
  )
}
