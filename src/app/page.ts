/** The document around the app: its language, title and colours, and the keys that work anywhere on it. */
import i18next from 'i18next'
import type { EngineHost } from './engine/host.ts'
import { addressOf } from './models/choice.ts'
import { type AppState, type AppStore, flushStorage } from './store/app.ts'

const DARK = '(prefers-color-scheme: dark)'

export function tendPage(store: AppStore, host: EngineHost): void {
  const root = document.documentElement
  const dress = ({ language, theme }: AppState) => {
    root.lang = language
    document.title = i18next.t('title', { lng: language })
    root.dataset['theme'] = theme === 'system' ? (matchMedia(DARK).matches ? 'dark' : 'light') : theme
    const paper = getComputedStyle(root).getPropertyValue('--paper').trim()
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', paper)
  }
  dress(store.getState())
  matchMedia(DARK).addEventListener('change', () => dress(store.getState()))
  store.subscribe((state, previous) => {
    if (state.language !== previous.language || state.theme !== previous.theme) dress(state)
  })

  // A reload comes back to what was loaded last; or to what was asked for, and could not be had or is looked at yet.
  store.subscribe(({ phase, model, problem, candidate }, previous) => {
    if (phase !== 'ready' || previous.phase !== 'loading' || problem || candidate) return
    const address = addressOf(model, location.href)
    if (address !== location.href) history.replaceState(history.state, '', address)
  })

  addEventListener('pagehide', flushStorage)
  document.addEventListener('visibilitychange', () => document.hidden && flushStorage())

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return
    const { phase, wanted, modelTab, undo, redo, openModels } = store.getState()
    if (event.key === 'Escape' && modelTab) return // closes the dialog
    if (event.key === 'Escape' && (phase === 'writing' || wanted)) return host.stop()
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    const key = event.key.toLowerCase()
    if (key === 'o' && !event.shiftKey) {
      event.preventDefault()
      return openModels()
    }
    if (modelTab || isOtherField(event.target)) return
    const act = key === 'y' || (key === 'z' && event.shiftKey) ? redo : key === 'z' ? undo : undefined
    if (!act) return
    event.preventDefault()
    act()
  })
}

/** A field that has an undo of its own. The manuscript has the page's. */
const isOtherField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input, textarea:not(.manuscript-area)')
