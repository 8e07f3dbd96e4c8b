/** The document around this page: language, title and colours, as the reader chose them on the writing page. */
import i18next from 'i18next'
import { type AppState, type AppStore, flushStorage } from '../app/store/app.ts'

const DARK = '(prefers-color-scheme: dark)'

export function tendPage(store: AppStore): void {
  const root = document.documentElement
  const dress = ({ language, theme }: AppState) => {
    root.lang = language
    document.title = i18next.t('title', { lng: language, ns: 'bench' })
    root.dataset['theme'] = theme === 'system' ? (matchMedia(DARK).matches ? 'dark' : 'light') : theme
    const paper = getComputedStyle(root).getPropertyValue('--paper').trim()
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', paper)
  }
  dress(store.getState())
  matchMedia(DARK).addEventListener('change', () => dress(store.getState()))
  store.subscribe(dress)
  addEventListener('pagehide', flushStorage)
}
