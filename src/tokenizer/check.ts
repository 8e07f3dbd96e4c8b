/** The long lists of a tokenizer.json, checked before the library walks through them: it believes what they say. */
import { HeadlightError, spell } from '../errors.ts'
import type { TokenizerJson } from './library.ts'

/** Far above any real vocabulary. */
const MOST_ID = 1 << 24

export const isId = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_ID

/** @throws HeadlightError `bad-file` */
export function checkLists({ model, added_tokens: added }: TokenizerJson, file: string): void {
  const refuse = (what: string, found: unknown, expected: string): never => {
    const message = `${file}: ${what} is ${spell(found)}, expected ${expected}`
    throw new HeadlightError('bad-file', message, { file, field: what, found: spell(found), expected })
  }
  const each = (what: string, list: unknown, isGood: (entry: unknown) => boolean, expected: string) => {
    if (!Array.isArray(list)) return refuse(what, list, 'a list')
    const wrong = list.findIndex((entry) => !isGood(entry))
    if (wrong >= 0) refuse(`${what}[${wrong}]`, list[wrong], expected)
  }

  if (added !== undefined && added !== null) each('added_tokens', added, isAddedToken, 'a token: { id, content, … }')
  const { vocab, merges } = model
  if (Array.isArray(vocab)) each('model.vocab', vocab, isScored, '[token, score]')
  else if (typeof vocab === 'object' && vocab !== null) {
    const wrong = Object.entries(vocab).find(([, id]) => !isId(id))
    if (wrong) refuse('model.vocab', Object.fromEntries([wrong]), 'tokens with their ids')
  } else if (vocab !== undefined) refuse('model.vocab', vocab, 'tokens with their ids, or with their scores')
  if (merges !== undefined && merges !== null) each('model.merges', merges, isMerge, 'two tokens')
}

function isAddedToken(entry: unknown): boolean {
  const { id, content } = Object(entry) as { id?: unknown; content?: unknown }
  return isId(id) && typeof content === 'string'
}

const isScored = (entry: unknown) =>
  Array.isArray(entry) && typeof entry[0] === 'string' && (typeof entry[1] === 'number' || entry[1] === null)

const isMerge = (entry: unknown) =>
  typeof entry === 'string' ||
  (Array.isArray(entry) && entry.length === 2 && entry.every((token) => typeof token === 'string'))
