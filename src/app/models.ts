/** The models that come with the page, and models by URL. */
import type { Language } from './i18n/language.ts'

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

/** A text for each built-in model, and one for models by URL: switching models loses nothing. */
export type DeskId = BuiltInId | 'other'

export type ModelChoice =
  | { readonly kind: 'built-in'; readonly id: BuiltInId }
  | { readonly kind: 'url'; readonly url: string }

export const deskOf = (choice: ModelChoice): DeskId => (choice.kind === 'built-in' ? choice.id : 'other')

/** @param base of the page, as in `document.baseURI` */
export const urlOf = (choice: ModelChoice, base: string): string =>
  new URL(choice.kind === 'built-in' ? builtIns[choice.id].folder : choice.url, base).href

/** The last folder of a model's URL, to call it by. */
export function folderName(url: string): string {
  const path = url.split(/[?#]/, 1)[0] ?? url
  const name = path.split('/').filter(Boolean).at(-1) ?? url
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** The model that the page's address asks for: `?model=<URL of a folder>`. */
export function modelInAddress(search: string): ModelChoice | undefined {
  const url = new URLSearchParams(search).get('model')
  return url ? { kind: 'url', url: url.endsWith('/') ? url : `${url}/` } : undefined
}

/**
 * The text as the model expects it. A model that begins with a title needs the line break after it; spaces at
 * the end belong to the model's next word, and would make a strange one of it.
 */
export function prepared(text: string, titled: boolean): string {
  const trimmed = text.replace(/[ \t\u3000]+$/, '')
  return titled && trimmed && !trimmed.includes('\n') ? `${trimmed}\n` : trimmed
}

/** The language that a text is set and read aloud in; an empty one shows words of the page. */
export function languageOf(desk: DeskId, text: string, page: Language): Language {
  if (text === '') return page
  if (desk !== 'other') return builtIns[desk].language
  return /\p{Script=Han}/u.test(text) ? 'zh-CN' : 'en'
}
