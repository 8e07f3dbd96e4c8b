/**
 * Search by parts of words: the only kind that serves Chinese as well as English, and needs no index. Texts are folded
 * once, so that case, width and accents do not matter; what is typed must all be found, in the title or in the text.
 */
import { type Item, type ItemId, titleOf } from './item.ts'

/** What letters are compared by. Its length may differ from that of `text`. */
export const folded = (text: string): string =>
  text.normalize('NFKD').replace(MARKS, '').toLowerCase().replace(/\s+/g, ' ')

const MARKS = /[\u0300-\u036f]/g // accents of Latin, Greek and Cyrillic; other scripts' marks are letters to them

export interface Found {
  readonly item: Item
  /** Folded words of the text around the first place, where one is found in the text. */
  readonly excerpt: string
}

const BEFORE = 24 // characters of an excerpt before the place, and after it
const AFTER = 96

/** What of `items` has every word of `query`, with those first that have one in the title. Order is kept otherwise. */
export function search(items: readonly Item[], texts: ReadonlyMap<ItemId, string>, query: string): Found[] {
  const words = folded(query).split(' ').filter(Boolean)
  if (words.length === 0) return []
  const byTitle: Found[] = []
  const byText: Found[] = []
  for (const item of items) {
    const title = folded(titleOf(item))
    const text = texts.get(item.id) ?? ''
    if (!words.every((word) => title.includes(word) || text.includes(word))) continue
    const inTitle = words.some((word) => title.includes(word))
    const list = inTitle ? byTitle : byText
    list.push({ item, excerpt: excerptOf(text, words) })
  }
  return [...byTitle, ...byText]
}

function excerptOf(text: string, words: readonly string[]): string {
  for (const word of words) {
    const at = text.indexOf(word)
    if (at < 0) continue
    const start = Math.max(0, at - BEFORE)
    const end = at + word.length + AFTER
    const middle = text.slice(start, end).trim()
    return `${start > 0 ? '…' : ''}${middle}${end < text.length ? '…' : ''}`
  }
  return ''
}
