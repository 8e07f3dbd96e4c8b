/** The document around the app: its language, title and colours, and the keys that work anywhere on it. */
import i18next from 'i18next'
import type { EngineHost } from './engine/host.ts'
import { redone, undone } from './library/tree.ts'
import { changeText, type Library } from './manuscript/open-text.ts'
import { turned } from './manuscript/versions.ts'
import { addressOf } from './models/choice.ts'
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

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return
    const { phase, wanted, modelTab, compareOpen, openModels, toggleSidebar, toggleInspector } = store.getState()
    if (event.key === 'Escape' && (modelTab || compareOpen)) return // the dialog's own
    if (event.key === 'Escape' && (phase === 'writing' || wanted)) return host.stop()
    if (compareOpen) return // the text stays as it is, behind the dialog
    const turn = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as 1 | -1 | undefined
    if (turn && event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && !modelTab) {
      event.preventDefault() // the browser would leave the page
      return changeText((tree) => turned(tree, turn))
    }
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    const key = event.key.toLowerCase()
    if (key === 'o' && !event.shiftKey) {
      event.preventDefault()
      return openModels()
    }
    if (key === 'b' && !event.shiftKey && !modelTab) {
      event.preventDefault()
      return toggleSidebar()
    }
    if (key === 'i' && !event.shiftKey && !modelTab) {
      event.preventDefault()
      return toggleInspector()
    }
    if (modelTab || isOtherField(event.target)) return
    const step = key === 'y' || (key === 'z' && event.shiftKey) ? redone : key === 'z' ? undone : undefined
    if (!step) return
    event.preventDefault()
    changeText(step)
  })
}

/** A field that has an undo of its own. The manuscript has the page's. */
const isOtherField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input, textarea:not(.manuscript-area)')
