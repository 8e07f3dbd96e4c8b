/** What the library lists: a text or a conversation, without what it says. */
import type { KeptModel } from '../models/choice.ts'
import { nothingChosen, type SamplingChoice } from '../sampling/parameters.ts'

export type ItemId = string

export interface Item {
  readonly id: ItemId
  readonly kind: 'text' | 'chat'
  /** Given by the reader; empty: called by its beginning. */
  readonly title: string
  /** The first words, to call it by. */
  readonly beginning: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly changed: number
  readonly pinned: boolean
  /** The name of its folder; empty: in none. */
  readonly folder: string
  /** Undefined: the model that is in use. */
  readonly model?: KeptModel | undefined
  readonly sampling: SamplingChoice
  /** The system prompt of a conversation. */
  readonly system: string
  /** When it was put into the trash, in milliseconds since 1970. */
  readonly trashed?: number | undefined
}

export const TRASH_MS = 30 * 24 * 60 * 60 * 1000
const MOST_BEGINNING = 80 // characters

export const newItem = (kind: Item['kind'], id: ItemId, now: number): Item => ({
  id,
  kind,
  title: '',
  beginning: '',
  created: now,
  changed: now,
  pinned: false,
  folder: '',
  sampling: nothingChosen,
  system: '',
})

/** The first line that says something, in whole characters, cut between words where there are any. */
export function beginningOf(text: string): string {
  const line =
    text
      .slice(0, 4 * MOST_BEGINNING)
      .trimStart()
      .split('\n', 1)[0] ?? ''
  const characters = [...line.trim().replace(/\s+/g, ' ')]
  if (characters.length <= MOST_BEGINNING) return characters.join('')
  const cut = characters.slice(0, MOST_BEGINNING).join('')
  const space = cut.lastIndexOf(' ')
  return `${space > MOST_BEGINNING / 2 ? cut.slice(0, space) : cut}…`
}

/** Empty where there is neither a title nor a text: the page has a word for it. */
export const titleOf = ({ title, beginning }: Item): string => title || beginning

export interface Listing {
  /** Only of this folder. */
  readonly folder?: string | undefined
  /** What is in the trash instead of what is not. */
  readonly trash?: boolean
}

/** Pinned first, then what was changed last. */
export function listed(items: Iterable<Item>, { folder, trash = false }: Listing = {}): Item[] {
  const shown = [...items].filter(
    (item) => (item.trashed !== undefined) === trash && (folder === undefined || item.folder === folder),
  )
  return shown.sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.changed - a.changed)
}

/** Names of the folders that something is in, in the order of `language`. */
export function folders(items: Iterable<Item>, language: string): string[] {
  const names = new Set<string>()
  for (const { folder, trashed } of items) if (folder && trashed === undefined) names.add(folder)
  return [...names].sort(new Intl.Collator(language, { numeric: true }).compare)
}
