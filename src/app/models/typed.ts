/** What a reader types or pastes where models are looked for: words to search by, or where a model is. */

export type Typed =
  | { readonly kind: 'words' }
  /** As the engine's `load` takes it. */
  | { readonly kind: 'address'; readonly url: string }
  /** Meant as an address, and none. */
  | { readonly kind: 'unreadable' }

/** org/name or org/name@revision. A dot in the first part makes it a host. */
const HUB_ID = /^[\w-]+\/\w[\w.-]*(@[\w./-]+)?$/
const HOST = /^[\w-]+(\.[\w-]+)+(:\d+)?\//
const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i

export function readTyped(text: string): Typed {
  const typed = text.trim()
  if (!typed.includes('/')) return { kind: 'words' }
  if (/\s/.test(typed)) return { kind: 'unreadable' }
  if (HUB_ID.test(typed)) return { kind: 'address', url: typed }
  if (SCHEME.test(typed)) return isWebAddress(typed) ? { kind: 'address', url: typed } : { kind: 'unreadable' }
  if (HOST.test(typed)) return readTyped(`https://${typed}`)
  // Of this page's own host.
  return /^\.{0,2}\/./.test(typed) ? { kind: 'address', url: typed } : { kind: 'unreadable' }
}

const isWebAddress = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
