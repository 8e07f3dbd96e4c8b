/** The document around the app: its language, title and colours, and the keys that work anywhere on it. */
import i18next from 'i18next'
import type { EngineHost } from './engine/host.ts'
import type { Library } from './manuscript/open-text.ts'
import { addressOf } from './models/choice.ts'
import { listenForKeys } from './palette/listen.ts'
import { type AppState, type AppStore, flushStorage } from './store/app.ts'

const DARK = '(prefers-color-scheme: dark)'

export function tendPage(store: AppStore, library: Library, host: EngineHost): void {
  const root = document.documentElement
  const dress = ({ theme }: AppState) => {
    root.lang = i18next.language
    document.title = i18next.t('title')

    root.dataset['theme'] = theme === 'system' ? (matchMedia(DARK).matches ? 'dark' : 'light') : theme
    const paper = getComputedStyle(root).getPropertyValue('--paper').trim()
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', paper)
  }
  dress(store.getState())
  matchMedia(DARK).addEventListener('change', () => dress(store.getState()))
  store.subscribe((state, previous) => {
    if (state.theme !== previous.theme) dress(state)
  })
  i18next.on('languageChanged', () => dress(store.getState())) // once its words are there

  // A reload comes back to what was loaded last; or to what was asked for, and could not be had or is looked at yet.
  store.subscribe(({ phase, model, problem, candidate }, previous) => {
    if (phase !== 'ready' || previous.phase !== 'loading' || problem || candidate) return
    const address = addressOf(model, location.href)
    if (address !== location.href) history.replaceState(history.state, '', address)
  })

  const flush = () => {
    flushStorage()
    void library.getState().flush()
  }
  addEventListener('pagehide', flush)
  document.addEventListener('visibilitychange', () => document.hidden && flush())

  listenForKeys(() => ({ app: store.getState(), library: library.getState(), host }))
}
