/** Lets the loaded model write into the text. */
import type { Model, Session } from '../../index.ts'
import { amend, type History, step } from '../manuscript/history.ts'
import { begun, continued, cut, type Ending, edited, ended, type Manuscript } from '../manuscript/manuscript.ts'
import { builtIns, prepared } from '../models/built-in.ts'
import { effectiveValues, LARGEST_SEED } from '../sampling/parameters.ts'
import type { AppStore } from '../store/app.ts'
import { historyOf, manuscriptOf } from '../store/manuscripts.ts'
import { batched } from './batched.ts'
import { atMostEvery } from './frames.ts'
import { problemOf } from './problem.ts'
import { contextUse, promptIds } from './prompt.ts'
import { Speed } from './speed.ts'

export interface Writer {
  /** Takes a model that was loaded. `release` frees it. */
  take(model: Model): void
  release(): void
  /** Continues the text, now or as soon as the model is ready. */
  write(): Promise<void>
  stop(): void
  /** Drops the last continuation and writes another. */
  retry(): Promise<void>
}

const BANNED = -100 // as a logit bias: never sampled
const COUNT_DELAY_MS = 250 // after the last keystroke
const SHOWN_RATE_MS = 250 // a number that changes faster cannot be read

export function createWriter(store: AppStore): Writer {
  let model: Model | undefined
  let session: Session | undefined
  let writing: AbortController | undefined

  function take(loaded: Model) {
    model = loaded
    session = loaded.session()
  }

  function release() {
    writing?.abort()
    writing = undefined
    session?.destroy()
    model?.destroy()
    session = undefined
    model = undefined
  }

  function write(): Promise<void> {
    const { phase } = store.getState()
    if (phase === 'starting' || phase === 'loading') store.setState({ wanted: true })
    if (phase !== 'ready') return Promise.resolve()
    const { now } = historyOf(store.getState())
    const choice = store.getState().model
    const text = prepared(now.text, choice.kind === 'built-in' && builtIns[choice.id].titled)
    const added = text.slice(now.text.length)
    const trimmed = text.length < now.text.length ? cut(now, text.length) : now
    const base = added ? edited(now, { start: now.text.length, removed: 0, inserted: added }) : trimmed
    return run(base, now.last?.ending === 'end-of-text')
  }

  function retry(): Promise<void> {
    const { phase } = store.getState()
    const { now } = historyOf(store.getState())
    if (phase !== 'ready' || !now.last) return Promise.resolve()
    return run(cut(now, now.last.start), now.last.pastEnd)
  }

  /** Continues `from` as one step of the history. */
  async function run(from: Manuscript, pastEnd: boolean) {
    if (!model || !session) return
    const { desk, sampling } = store.getState()
    const { info } = model
    const before = historyOf(store.getState())
    const now = () => store.getState().desks[desk]
    const put = (history: History) => store.getState().setHistory(desk, history)
    const mine = new AbortController()
    writing = mine
    const seed = sampling.seed ?? Math.floor(Math.random() * LARGEST_SEED)
    put(step(before, begun(from, seed, pastEnd)))
    store.setState({ phase: 'writing', problem: undefined, lastSeed: seed, rate: undefined })

    const speed = new Speed()
    let ending: Ending
    try {
      const prompt = promptIds(from.text, model)
      const showSpeed = () => {
        const { tokens, perSecond } = speed
        const contextUse = { text: prompt.total + tokens, seen: prompt.ids.length + tokens }
        store.setState({ rate: perSecond, contextUse })
      }
      const showSpeedSometimes = atMostEvery(SHOWN_RATE_MS, showSpeed)
      showSpeed()
      const tokens = session.generate(prompt.ids, {
        ...effectiveValues(sampling, info.defaults),
        seed,
        stop: sampling.stop,
        signal: mine.signal,
        ...(pastEnd && { logitBias: Object.fromEntries(info.endOfText.map((id) => [id, BANNED])) }),
      })
      ending = await batched(tokens, (batch) => {
        put(amend(now(), continued(now().now, batch.text, batch.tokens)))
        speed.add(batch.tokens, performance.now())
        if (writing === mine) showSpeedSometimes()
      })
    } catch (error) {
      ending = mine.signal.aborted ? 'stopped' : 'failed'
      if (ending === 'failed') {
        const phase = model ? 'ready' : 'failed'
        store.setState({ problem: problemOf(error, 'write'), phase, wanted: false })
      }
    }

    const done = ended(now().now, ending)
    const nothing = done.last?.start === done.text.length
    // Where nothing was written there is nothing to undo; why it ended is still worth knowing.
    const last = done.last && { ...done.last, start: before.now.text.length }
    put(nothing ? amend(before, { ...before.now, last }) : amend(now(), done))
    if (writing !== mine) return // the model is gone, or another one is being loaded
    writing = undefined
    store.setState({ phase: 'ready', rate: speed.perSecond })
    count()
  }

  function stop() {
    writing?.abort()
    store.setState({ wanted: false })
  }

  function count() {
    if (model && store.getState().phase === 'ready') {
      store.setState({ contextUse: contextUse(manuscriptOf(store.getState()).text, model) })
    }
  }

  let counting: ReturnType<typeof setTimeout> | undefined
  store.subscribe((state, previous) => {
    if (state.phase === 'ready' && previous.phase === 'loading') return count()
    if (manuscriptOf(state).text === manuscriptOf(previous).text || state.phase !== 'ready') return
    clearTimeout(counting)
    counting = setTimeout(count, COUNT_DELAY_MS)
  })

  return { take, release, write, stop, retry }
}
