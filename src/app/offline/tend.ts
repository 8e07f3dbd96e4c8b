/** Makes the page and its built-in models work without a network, once they do with one. */
import { builtIns } from '../models/built-in.ts'
import type { AppState, AppStore } from '../store/app.ts'
import { install, keepModel } from './install.ts'

/** @param base of the page, as in `document.baseURI` */
export function tendOffline(store: AppStore, base: string): void {
  let installing: Promise<boolean> | undefined

  async function keep({ model }: AppState) {
    installing ??= install((takeOver) => store.setState({ takeOver }))
    if ((await installing) && model.kind === 'built-in') await keepModel(new URL(builtIns[model.id].folder, base))
  }

  /** A browser that refuses, or has no room: the page works on, with a network. */
  const tryTo = (state: AppState) => void keep(state).catch(() => undefined)

  if (store.getState().phase === 'ready') tryTo(store.getState())
  store.subscribe((state, previous) => {
    if (state.phase === 'ready' && previous.phase === 'loading') tryTo(state)
  })
}
