/** Lets the loaded model write into the open text. */
import type { Model, Session } from '../../index.ts'
import { branching } from '../library/branch.ts'
import { begun, finished, grown, latestRun } from '../library/edit-tree.ts'
import { isDocument } from '../library/entry.ts'
import { newStamp } from '../library/ids.ts'
import type { ItemId } from '../library/item.ts'
import type { Run } from '../library/run.ts'
import { movedTo, type NodeId, nodeAt, undone } from '../library/tree.ts'
import type { Edit, Ending } from '../manuscript/manuscript.ts'
import { type Library, manuscriptOf, treeOf } from '../manuscript/open-text.ts'
import { builtIns } from '../models/built-in.ts'
import { keptModel } from '../models/choice.ts'
import { LARGEST_SEED, mannerOf, type SamplingChoice } from '../sampling/parameters.ts'
import type { AppStore } from '../store/app.ts'
import { batched } from './batched.ts'
import { continuation } from './continuation.ts'
import { atMostEvery } from './frames.ts'
import { type Onlooker, shownTo } from './onlooker.ts'
import { placeAt } from './place.ts'
import { problemOf } from './problem.ts'
import { contextUse, type Prompt } from './prompt.ts'
import { createRecollection } from './recollection.ts'
import { Speed } from './speed.ts'

export interface Writer {
  /** Takes a model that was loaded. `release` frees it. */
  take(model: Model): void
  release(): void
  /**
   * Continues the text, now or as soon as the model is ready.
   * @param caret from here on, where it is not the end: what follows gives way, and undo brings it back
   */
  write(caret?: number): Promise<void>
  stop(): void
  /** Writes another continuation in place of the last, which stays beside it. */
  retry(): Promise<void>
  /**
   * Writes on from other words, in place of all that stands from `offset` on, which stays beside it.
   * @param words one token's
   */
  branch(offset: number, words: string): Promise<void>
  /** Who looks on from the next continuation of the text on; undefined: nobody, and nothing is looked at. */
  watchedBy(onlooker: Onlooker | undefined): void
  /** Writes `count` continuations, one after the other, for the reader to choose from. */
  offer(count: number): Promise<void>
  /**
   * Writes one continuation beside the text, with a sampling of its own.
   * @param told its id, once it begins
   * @returns undefined where nothing can be written now
   */
  beside(sampling: SamplingChoice, told: (id: NodeId) => void): Promise<Ending | undefined>
}

const COUNT_DELAY_MS = 250 // after the last keystroke
const COUNT_SHARE = 20 // of the time between two counts, the part that counting may take
const SHOWN_RATE_MS = 250 // a number that changes faster cannot be read

export function createWriter(store: AppStore, library: Library): Writer {
  let model: Model | undefined
  let session: Session | undefined
  let writing: AbortController | undefined
  let onlooker: Onlooker | undefined
  const recollection = createRecollection(library, (state) => (treeOf(state) ? state.current : undefined))

  function take(loaded: Model) {
    model = loaded
    session = loaded.session()
    recollection.take(session)
  }

  function release() {
    writing?.abort()
    writing = undefined
    recollection.take(undefined)
    session?.destroy()
    model?.destroy()
    session = undefined
    model = undefined
  }

  const text = () => manuscriptOf(library.getState()).text

  /** What is open, if the model can write into it now. */
  function ready() {
    const { current } = library.getState()
    const tree = treeOf(library.getState())
    return store.getState().phase === 'ready' && current !== undefined && tree ? { id: current, tree } : undefined
  }

  function place(caret: number): Edit {
    const { model } = store.getState()
    return placeAt(text(), caret, model.kind === 'built-in' && builtIns[model.id].titled)
  }

  async function write(caret = text().length): Promise<void> {
    const { phase } = store.getState()
    if (phase === 'starting' || phase === 'loading') store.setState({ wanted: true })
    const open = ready()
    if (!open) return
    const atEnd = caret >= text().length
    await run(open.id, place(caret), { pastEnd: atEnd && latestRun(open.tree)?.ending === 'end-of-text' })
  }

  async function retry(): Promise<void> {
    const open = ready()
    const last = open && latestRun(open.tree)
    if (!open || !last) return
    const node = nodeAt(open.tree)
    if (node.run === last) library.getState().edit(open.id, undone)
    await run(open.id, place(node.run === last ? node.edit.start : text().length), last)
    const now = treeOf(library.getState())
    const wroteNothing = node.run === last && library.getState().current === open.id && now?.current === node.parent
    if (wroteNothing) library.getState().edit(open.id, (tree) => movedTo(tree, node.id))
  }

  async function branch(offset: number, words: string): Promise<void> {
    const open = ready()
    if (!open) return
    const { from, edit } = branching(open.tree, offset, words)
    library.getState().edit(open.id, (tree) => movedTo(tree, from))
    await run(open.id, edit, { pastEnd: false, tokens: 1 })
  }

  async function offer(count: number): Promise<void> {
    const open = ready()
    if (!open) return
    const pastEnd = latestRun(open.tree)?.ending === 'end-of-text'
    const from = open.tree.current
    const offered: NodeId[] = []
    for (let i = 0; i < count; i++) {
      // The reader stopped, or is elsewhere: what was written stays to be chosen from.
      if (ready()?.tree.current !== from || ready()?.id !== open.id) return
      const ending = await run(open.id, place(text().length), { pastEnd }, (id) => {
        offered.push(id)
        store.setState({ offer: { item: open.id, from, nodes: [...offered] } })
      })
      if (ending === 'stopped' || ending === 'failed') return
    }
  }

  async function beside(sampling: SamplingChoice, told: (id: NodeId) => void): Promise<Ending | undefined> {
    const open = ready()
    if (!open) return undefined
    const pastEnd = latestRun(open.tree)?.ending === 'end-of-text'
    return run(open.id, place(text().length), { pastEnd }, told, sampling)
  }

  /**
   * Writes a continuation of the text as one node of its tree.
   * @param given how many tokens the edit begins with
   * @param aside told its id: it is one of several, and the text stays as it is
   */
  async function run(
    item: ItemId,
    edit: Edit,
    { pastEnd, tokens: given = 0 }: Pick<Run, 'pastEnd'> & Partial<Pick<Run, 'tokens'>>,
    aside?: (id: NodeId) => void,
    sampling = store.getState().sampling,
  ): Promise<Ending | undefined> {
    if (!model || !session) return
    const { model: choice } = store.getState()
    const stamp = newStamp()
    const mine = new AbortController()
    writing = mine
    const seed = sampling.seed ?? Math.floor(Math.random() * LARGEST_SEED)
    const manner = mannerOf(sampling, model.info.defaults)
    const { revision } = model.info
    const begin: Run = { model: keptModel(choice), revision, ...manner, seed, tokens: given, pastEnd }
    const before = text().slice(0, edit.start) + edit.inserted
    library.getState().edit(item, (tree) => begun(tree, { edit, run: begin, stamp, aside: aside !== undefined }))
    store.setState({ phase: 'writing', problem: undefined, lastSeed: seed, rate: undefined, offer: undefined })
    aside?.(stamp.id)

    const watching = aside ? undefined : onlooker
    const speed = new Speed()
    let ending: Ending
    let error: string | undefined
    try {
      let read = { text: 0, seen: 0, kept: 0 }
      const showSpeed = () => {
        const { tokens, perSecond } = speed
        const contextUse = { text: read.text + tokens, seen: read.seen + tokens, kept: read.kept }
        store.setState({ rate: perSecond, contextUse })
      }
      const showSpeedSometimes = atMostEvery(SHOWN_RATE_MS, showSpeed)
      const onPrompt = ({ ids, total, kept, summary }: Prompt) => {
        watching?.read(ids, total)
        read = { text: total - speed.tokens, seen: ids.length - summary - speed.tokens, kept }
        showSpeed()
      }
      const { interventions } = store.getState()
      const tokens = continuation(session, model, {
        before,
        manner,
        seed,
        pastEnd,
        looking: { interventions, ...(watching && { inspect: watching.inspect() }) },
        signal: mine.signal,
        onPrompt,
      })
      ending = await batched(watching ? shownTo(watching, tokens) : tokens, (batch) => {
        if (!isOpenRun(item, stamp.id)) return mine.abort() // ended, or deleted, in another tab
        library.getState().edit(item, (tree) => grown(tree, stamp.id, batch.text, batch.tokens))
        speed.add(batch.tokens, performance.now())
        if (writing === mine) showSpeedSometimes()
      })
    } catch (cause) {
      ending = mine.signal.aborted ? 'stopped' : 'failed'
      if (ending === 'failed') {
        const problem = problemOf(cause, 'write')
        error = problem.code
        store.setState({ problem, phase: model ? 'ready' : 'failed', wanted: false })
      }
    }

    if (isOpenRun(item, stamp.id)) {
      library.getState().edit(item, (tree) => finished(tree, stamp.id, ending, Date.now(), error))
    }
    if (writing !== mine) return ending // the model is gone, or another one is being loaded
    writing = undefined
    store.setState({ phase: 'ready', rate: speed.perSecond })
    recollection.rested(item)
    count()
    return ending
  }

  function isOpenRun(item: ItemId, id: NodeId): boolean {
    const tree = library.getState().trees.get(item)
    const run = tree && isDocument(tree) ? tree.nodes.get(id)?.run : undefined
    return run !== undefined && run.ending === undefined
  }

  function stop() {
    writing?.abort()
    store.setState({ wanted: false })
  }

  let countMs = 0
  function count() {
    if (!model || store.getState().phase !== 'ready') return
    const start = performance.now()
    store.setState({ contextUse: contextUse(text(), model, store.getState().sampling.whenFull) })
    countMs = performance.now() - start
  }

  let counting: ReturnType<typeof setTimeout> | undefined
  const countSoon = () => {
    clearTimeout(counting)
    counting = setTimeout(count, Math.max(COUNT_DELAY_MS, COUNT_SHARE * countMs))
  }
  store.subscribe((state, previous) => {
    if (state.phase === 'ready' && previous.phase === 'loading') count()
    else if (state.sampling.whenFull !== previous.sampling.whenFull) countSoon()
  })
  library.subscribe((state, previous) => {
    if (treeOf(state) === treeOf(previous) || store.getState().phase !== 'ready') return
    countSoon()
  })

  const watchedBy = (next: Onlooker | undefined) => {
    onlooker = next
  }

  return { take, release, write, stop, retry, branch, watchedBy, offer, beside }
}
