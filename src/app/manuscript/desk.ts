/**
 * Which text is open. Each built-in model has texts of its own, for they are in its language; models from elsewhere
 * take over the text that another of them wrote in. Choosing a model opens a text for it, and opening a text loads the
 * model that it was written with, unless that takes a download. While models are compared, the text stays open, and so
 * does a conversation, whatever model is chosen.
 */
import type { EngineHost } from '../engine/host.ts'
import type { Item, ItemId } from '../library/item.ts'
import { builtIns } from '../models/built-in.ts'
import { isKeptModel, keptModel, type ModelChoice } from '../models/choice.ts'
import { forAnother } from '../sampling/parameters.ts'
import type { AppStore } from '../store/app.ts'
import { itemOf, type Library } from './open-text.ts'

/**
 * Opens the text that was open last, and from then on keeps text, model and sampling together.
 * @param asked the address asks for a model: its text is opened, whatever was open last
 */
export async function tendDesk(store: AppStore, library: Library, host: EngineHost, asked: boolean): Promise<void> {
  /** Latest last. */
  const opened = new Set<ItemId>()

  /** What was opened brings its sampling and its model. */
  function takeUp() {
    const item = itemOf(library.getState())
    if (!item) return
    opened.delete(item.id)
    opened.add(item.id)
    const { phase, model } = store.getState()
    if (phase === 'writing') host.stop()
    store.setState({ open: item.id, sampling: item.sampling })
    if (item.model && !isKeptModel(model, item.model)) void host.follow(item.model)
  }

  /** Opens the text for the chosen model: the present one where it can be, the one before, or a new one. */
  async function openForModel(): Promise<void> {
    const { model, sampling } = store.getState()
    const { items, create, open } = library.getState()
    const kept = keptModel(model)
    const present = itemOf(library.getState())
    const texts = [...items.values()].filter((item) => isTextFor(item, model)).sort((a, b) => a.changed - b.changed)
    const before = [...opened].map((id) => texts.find((item) => item.id === id)).filter((item) => item !== undefined)
    const item = present && isTextFor(present, model) ? present : [...texts, ...before].at(-1)
    if (item && (!item.model || !isKeptModel(model, item.model))) library.getState().choose(item.id, { model: kept })
    if (item === present && item) return
    if (item && (await open(item.id))) return
    const text = model.kind === 'built-in' ? builtIns[model.id].beginning : ''
    if (store.getState().model === model) create('text', { text, model: kept, sampling: forAnother(sampling) })
  }

  const { open } = store.getState()
  await library.getState().start()
  if (open && isThere(library.getState().items.get(open))) await library.getState().open(open)
  const present = itemOf(library.getState())
  if (!present || (asked && !isChatWith(present, store.getState().model))) await openForModel()
  takeUp()

  library.subscribe((state, previous) => {
    if (state.current === previous.current) return
    if (state.current === undefined) void openForModel()
    else takeUp()
  })
  store.subscribe((state, previous) => {
    const stays = state.compareOpen || itemOf(library.getState())?.kind === 'chat'
    if (state.model !== previous.model && !stays) void openForModel()
    if (state.sampling === previous.sampling) return
    const item = itemOf(library.getState())
    if (item && item.sampling !== state.sampling) library.getState().choose(item.id, { sampling: state.sampling })
  })
}

const isThere = (item: Item | undefined): boolean => item !== undefined && item.trashed === undefined

const isChatWith = ({ kind, model: kept }: Item, model: ModelChoice): boolean =>
  kind === 'chat' && kept !== undefined && isKeptModel(model, kept)

function isTextFor(item: Item, model: ModelChoice): boolean {
  if (item.kind !== 'text' || !isThere(item)) return false
  if (model.kind !== 'built-in') return item.model?.kind !== 'built-in'
  return item.model !== undefined && isKeptModel(model, item.model)
}
