/** The models that come with the page, and how each takes a text. */
import type { Language } from '../i18n/language.ts'

export type BuiltInId = 'stories' | 'poems'

export interface BuiltIn {
  readonly id: BuiltInId
  /** Folder, relative to the page. */
  readonly folder: string
  readonly language: Language
  /** Bytes to download. */
  readonly bytes: number
  /** In tokens. */
  readonly context: number
  /** What the reader finds on their first visit: a beginning that the model can continue. */
  readonly beginning: string
  /** The model expects a title and a line break before the text. */
  readonly titled: boolean
}

export const builtIns: Readonly<Record<BuiltInId, BuiltIn>> = {
  stories: {
    id: 'stories',
    folder: 'models/stories-3m/',
    language: 'en',
    bytes: 6_300_000,
    context: 512,
    beginning:
      'Once upon a time there was a little robot who liked to read stories. Every night it climbed the stairs of the old library and',
    titled: false,
  },
  poems: {
    id: 'poems',
    folder: 'models/poems-4m/',
    language: 'zh-CN',
    bytes: 7_900_000,
    context: 128,
    beginning: '春晓\n',
    titled: true,
  },
}

export const builtInOf = (language: Language): BuiltInId => (language === 'zh-CN' ? 'poems' : 'stories')

/**
 * The text as the model expects it. A model that begins with a title needs the line break after it; spaces at
 * the end belong to the model's next word, and would make a strange one of it.
 */
export function prepared(text: string, titled: boolean): string {
  const trimmed = text.replace(/[ \t\u3000]+$/, '')
  return titled && trimmed && !trimmed.includes('\n') ? `${trimmed}\n` : trimmed
}

/**
 * The language that a text is set and read aloud in; an empty one shows words of the page.
 * @param builtIn the model that it is written with
 */
export function languageOf(builtIn: BuiltInId | undefined, text: string, page: Language): Language {
  if (text === '') return page
  if (builtIn) return builtIns[builtIn].language
  return /\p{Script=Han}/u.test(text) ? 'zh-CN' : 'en'
}
