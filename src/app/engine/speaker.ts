/** Lets the loaded model answer in the open conversation. */

import type { Finish, Message, Model, Session } from '../../index.ts'
import { conversationOf } from '../chat/open-chat.ts'
import { newStamp } from '../library/ids.ts'
import type { ItemId } from '../library/item.ts'
import type { Run } from '../library/run.ts'
import { type NodeId, nodeAt, type Stamp } from '../library/tree.ts'
import {
  answered,
  answering,
  answeringAgain,
  messages,
  resumed,
  revised,
  said,
  spoken,
  type TurnTree,
} from '../library/turn-tree.ts'
import type { Ending } from '../manuscript/manuscript.ts'
import type { Library } from '../manuscript/open-text.ts'
import { keptModel } from '../models/choice.ts'
import { effectiveValues, LARGEST_SEED, stopsWhenFull } from '../sampling/parameters.ts'
import type { AppStore } from '../store/app.ts'
import { type Batch, batched } from './batched.ts'
import { atMostEvery } from './frames.ts'
import { type Onlooker, shownTo } from './onlooker.ts'
import { problemOf } from './problem.ts'
import { createRecollection } from './recollection.ts'
import { Speed } from './speed.ts'
import { idsOf, type TurnsInSight, turnsInSight, turnsUse } from './turns-in-sight.ts'

export interface Speaker {
  /** Takes a model that was loaded, and lets go of it. */
  take(model: Model): void
  release(): void
  /** The reader's turn, and the model's. */
  say(content: string): Promise<void>
  /** Answers the reader's last turn, now or as soon as the model is ready. */
  answer(): Promise<void>
  /** Answers in place of `id`, which stays beside it. */
  answerAgain(id: NodeId): Promise<void>
  /** Goes on with an answer that was cut. */
  resume(id: NodeId): Promise<void>
  /** Other words for a turn, beside the first; where it is the reader's, they are answered. */
  revise(id: NodeId, content: string): Promise<void>
  /**
   * What the model is given of the open conversation; undefined where there is nothing yet.
   * @throws HeadlightError where the template refuses it
   */
  prompt(): string | undefined
  /** Who looks on from the next answer on; undefined: nobody, and nothing is looked at. */
  watchedBy(onlooker: Onlooker | undefined): void
  stop(): void
}

const SHOWN_RATE_MS = 250 // a number that changes faster cannot be read
const COUNT_DELAY_MS = 250 // after the last change

/** Puts an answer that begins into the tree, and the reader in it. */
type Begin = (tree: TurnTree, run: Run, stamp: Stamp) => TurnTree

export function createSpeaker(store: AppStore, library: Library): Speaker {
  let model: Model | undefined
  let session: Session | undefined
  let speaking: AbortController | undefined
  let onlooker: Onlooker | undefined
  const recollection = createRecollection(library, (state) => (conversationOf(state) ? state.current : undefined))

  function take(loaded: Model) {
    model = loaded
    session = loaded.session()
    recollection.take(session)
  }

  function release() {
    speaking?.abort()
    speaking = undefined
    recollection.take(undefined)
    session?.destroy()
    session = undefined
    model = undefined
  }

  /** The conversation that is open, unless the model is answering. */
  function open() {
    const { current } = library.getState()
    const tree = conversationOf(library.getState())
    return tree && current !== undefined && store.getState().phase !== 'writing' ? { id: current, tree } : undefined
  }

  async function say(content: string): Promise<void> {
    const { id } = open() ?? {}
    if (id === undefined) return
    library.getState().converse(id, (tree) => said(tree, content, newStamp()))
    await answer()
  }

  async function answer(): Promise<void> {
    const { phase } = store.getState()
    if (phase === 'starting' || phase === 'loading') store.setState({ wanted: true })
    const { tree } = open() ?? {}
    if (tree && nodeAt(tree).role === 'user') await speak(answering)
  }

  async function revise(id: NodeId, content: string): Promise<void> {
    const item = open()
    if (!item) return
    library.getState().converse(item.id, (tree) => revised(tree, id, content, newStamp()))
    await answer()
  }

  async function speak(begin: Begin): Promise<void> {
    const item = open()?.id
    if (item === undefined || store.getState().phase !== 'ready' || !model?.info.hasChatTemplate || !session) return
    const { sampling, model: choice } = store.getState()
    const { info } = model
    const seed = sampling.seed ?? Math.floor(Math.random() * LARGEST_SEED)
    const { stop } = sampling
    const values = effectiveValues(sampling, info.defaults)
    const kept = keptModel(choice)
    const { revision } = info
    const run: Run = { model: kept, revision, values, stop, seed, tokens: 0, pastEnd: false }
    library.getState().choose(item, { model: kept })
    library.getState().converse(item, (tree) => begin(tree, run, newStamp()))
    store.setState({ phase: 'writing', lastSeed: seed, rate: undefined, failedAnswer: undefined })

    const mine = new AbortController()
    speaking = mine
    const watching = onlooker
    const speed = new Speed()
    const node = library.getState().trees.get(item)?.current ?? ''
    const finish = (ending: Ending, error?: string) => {
      if (isOpenRun(item, node)) library.getState().converse(item, (tree) => answered(tree, node, ending, error))
    }
    try {
      const { interventions } = store.getState()
      let ending: Finish = 'context-full'
      for (let stretch = 0; ending === 'context-full'; stretch++) {
        const sight = turnsInSight(givenNow(), model, sampling.whenFull)
        if (stretch > 0 && (!sight.hasRoom || stopsWhenFull(sampling.whenFull) || mine.signal.aborted)) break
        const use = turnsUse(sight, model)
        const before = speed.tokens
        const showSpeed = atMostEvery(SHOWN_RATE_MS, () => {
          const more = speed.tokens - before
          store.setState({
            rate: speed.perSecond,
            contextUse: { ...use, text: use.text + more, seen: use.seen + more },
          })
        })
        watching?.read(idsOf(sight, model), sight.total)
        const tokens = session.generate(sight.messages, {
          ...values,
          ...(values.maxTokens !== undefined && { maxTokens: values.maxTokens - before }),
          continueLast: sight.messages.at(-1)?.role === 'assistant',
          seed: (seed + stretch) % (LARGEST_SEED + 1), // the same would begin with the same dice
          stop,
          interventions,
          ...(watching && { inspect: watching.inspect() }),
          signal: mine.signal,
        })
        let shown = performance.now()
        ending = await batched(watching ? shownTo(watching, tokens) : tokens, (batch) => {
          if (!isOpenRun(item, node)) return mine.abort() // ended, or deleted, in another tab
          const now = performance.now()
          library.getState().converse(item, (tree) => spoken(tree, node, chunkOf(batch, now - shown)))
          shown = now
          speed.add(batch.tokens, now)
          if (speaking === mine) showSpeed()
        })
      }
      finish(ending)
    } catch (cause) {
      const problem = mine.signal.aborted ? undefined : problemOf(cause, 'write')
      finish(problem ? 'failed' : 'stopped', problem?.code)
      if (problem) store.setState({ failedAnswer: { node, problem } })
    }
    if (speaking !== mine) return // the model is gone, or another one is being loaded
    speaking = undefined
    recollection.rested(item)
    store.setState({ phase: 'ready', rate: speed.perSecond })
  }

  function isOpenRun(item: ItemId, id: NodeId): boolean {
    const node = library.getState().trees.get(item)?.nodes.get(id)
    return node?.run !== undefined && node.run.ending === undefined
  }

  /** The turns so far, the last of which the model may have begun, after the system prompt. */
  function givenNow(): Message[] {
    const { current, items } = library.getState()
    const tree = conversationOf(library.getState())
    const system = items.get(current ?? '')?.system ?? ''
    return tree ? messages(tree, system) : []
  }

  /** What the model sees of the open conversation; undefined where nothing was said yet. */
  function sightNow(): TurnsInSight | undefined {
    const given = givenNow()
    if (!model || given.every(({ role }) => role === 'system')) return undefined
    return turnsInSight(given, model, store.getState().sampling.whenFull)
  }

  function prompt(): string | undefined {
    const given = sightNow()?.messages
    return given && model?.chat.render(given, { continueLast: given.at(-1)?.role === 'assistant' })
  }

  function stop() {
    speaking?.abort()
    store.setState({ wanted: false })
  }

  /** How much of the context the next answer begins from. */
  function count() {
    const open = conversationOf(library.getState())
    if (!open || !model?.info.hasChatTemplate || store.getState().phase !== 'ready') return
    try {
      const sight = sightNow()
      store.setState({ contextUse: sight ? turnsUse(sight, model) : { text: 0, seen: 0, kept: 0 } })
    } catch {
      store.setState({ contextUse: undefined }) // the template refuses it: an answer says why
    }
  }

  let counting: ReturnType<typeof setTimeout> | undefined
  const countSoon = () => {
    clearTimeout(counting)
    counting = setTimeout(count, COUNT_DELAY_MS)
  }
  store.subscribe((state, previous) => {
    if (state.phase === 'ready' && previous.phase !== 'ready') countSoon()
    else if (state.sampling.whenFull !== previous.sampling.whenFull) countSoon()
  })
  library.subscribe((state, previous) => {
    if (state.items !== previous.items || conversationOf(state) !== conversationOf(previous)) countSoon()
  })

  return {
    take,
    release,
    say,
    answer,
    answerAgain: (id) => speak((tree, run, stamp) => answeringAgain(tree, id, run, stamp)),
    resume: (id) => speak((tree, _, stamp) => resumed(tree, id, stamp)),
    revise,
    prompt,
    watchedBy: (next) => {
      onlooker = next
    },
    stop,
  }
}

const chunkOf = ({ text, thinking, tokens, thoughts }: Batch, ms: number) => ({
  content: text,
  thinking,
  tokens,
  ...(thoughts > 0 && { thought: { tokens: thoughts, ms: Math.round(ms) } }),
})
