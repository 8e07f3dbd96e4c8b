import { useSyncExternalStore } from 'react'

function watch(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

/** The run that the page's address asks for; undefined where it asks for none. */
export const useRunFragment = (): string | undefined =>
  useSyncExternalStore(watch, () => (location.hash.startsWith('#run=') ? location.hash : undefined))

export function clearFragment(): void {
  history.replaceState(history.state, '', location.pathname + location.search)
  dispatchEvent(new HashChangeEvent('hashchange'))
}
