/**
 * Looks into the loaded model while the inspector is open: at the text that is open, once it rests, and at each token
 * while the model writes. One thing is asked at a time, and only what the reader looks at.
 */
import type { Model, Seen, Session, Token } from '../../index.ts'
import { conversationOf } from '../chat/open-chat.ts'
import { isChanged } from '../inspect/interventions/factors.ts'
import { type Ask, nextAsk, watching } from '../inspect/panel/asks.ts'
import type { LookStore } from '../inspect/panel/look.ts'
import { followed, opened, type Reading, reread, sharedLength, withSeen } from '../inspect/panel/reading.ts'
import { type ShownToken, showTokens } from '../inspect/tokens/units.ts'
import { type Library, manuscriptOf, treeOf } from '../manuscript/open-text.ts'
import type { AppStore } from '../store/app.ts'
import { atMostEvery, onceAFrame } from './frames.ts'
import type { EngineHost } from './host.ts'
import { problemOf } from './problem.ts'
import { promptIds } from './prompt.ts'

export interface Inspector {
  /** After a problem, or an end that the reader made: goes on. */
  again(): void
  /** Ends looking at the present text; what was seen of it stays. */
  halt(): void
  destroy(): void
}

const REST_MS = 300 // after the last keystroke
const SLOW_MS = 300 // what takes longer says how far it is
const SHOWN_MS = 100 // between two times that what was seen so far is shown
/** A text that is longer is drawn less often while it grows: each time, all of it is. */
const LONG = 512
const LONG_SHOWN_MS = 400
/** Of the time that comparing takes, what is left to writing in between. */
const WRITING_SHARE = 3

export function createInspector(store: AppStore, library: Library, host: EngineHost, look: LookStore): Inspector {
  let model: Model | undefined
  let session: Session | undefined
  let asking: { readonly about: string; readonly abort: AbortController } | undefined
  let resting: ReturnType<typeof setTimeout> | undefined
  /** Counts what makes all that is being asked beside the point. */
  let epoch = 0

  const set = (reading: Reading) => look.setState({ reading })

  /** The model is another one, or gone: nothing is known. */
  function meet() {
    const present = host.model()
    if (present === model) return
    forget()
    session?.destroy()
    session = undefined
    model = present
    if (!model) return look.setState({ reading: undefined })
    const { layers, heads } = model.info
    const { head } = look.getState()
    look.setState({ head: { layer: Math.min(head.layer, layers - 1), head: Math.min(head.head, heads - 1) } })
  }

  /** What is known is of another model, or of a text that is not there. */
  function forget() {
    epoch++
    const { reading } = look.getState()
    look.setState({ problem: undefined, halted: false })
    if (reading) set(opened(reading.ids, reading.tokens, reading.total))
  }

  function idsNow(reader: Model): { readonly ids: readonly number[]; readonly total: number } {
    if (!conversationOf(library.getState())) {
      return promptIds(manuscriptOf(library.getState()).text, reader, store.getState().sampling.whenFull)
    }
    const all = reader.tokenizer.encode(host.chat.prompt() ?? '', { addSpecialTokens: false })
    return { ids: all.slice(-reader.info.context), total: all.length }
  }

  /** The text rests: whatever of it is new is looked at. */
  function read() {
    clearTimeout(resting)
    meet()
    try {
      const now = model?.info.hasTokenizer && store.getState().phase === 'ready' ? idsNow(model) : undefined
      if (now) take(now.ids, now.total)
    } catch (cause) {
      look.setState({ problem: problemOf(cause, 'write') })
    }
    wake()
  }

  /** Another text, of which the model sees `ids`. */
  function take(ids: readonly number[], total: number) {
    const { reading } = look.getState()
    const shared = reading ? sharedLength(reading.ids, ids) : 0
    if (reading && shared === ids.length && shared === reading.ids.length) return
    epoch++
    const tokens = spelled(ids, reading?.tokens.slice(0, shared) ?? [])
    look.setState({ problem: undefined, halted: false, token: undefined, pointed: undefined })
    set(reading ? reread(reading, ids, tokens, total) : opened(ids, tokens, total))
  }

  /** @param known tokens that `ids` begin with */
  function spelled(ids: readonly number[], known: readonly ShownToken[]): readonly ShownToken[] {
    const whole = known.findLastIndex(({ text }) => text !== '')
    if (!model || whole < 0) return model ? showTokens(ids, model.tokenizer.decode) : []
    return [...known.slice(0, whole), ...respelled(model, ids, whole, known[whole]!)]
  }

  /** From `at` on, where `first` stands: it shows what comes after it how a word goes on. */
  const respelled = ({ tokenizer }: Model, ids: readonly number[], at: number, first: ShownToken) => [
    first,
    ...showTokens(ids.slice(at), tokenizer.decode).slice(1),
  ]

  /** What the reader looks at has changed, or can be looked at now. */
  function wake() {
    if (asking && asking.about !== subject()) asking.abort.abort()
    if (!asking) void work()
  }

  /** What is being asked is of use for as long as this stays the same. */
  function subject(): string {
    const { view, head, source, token } = look.getState()
    return JSON.stringify([epoch, view, head, source, view === 'tokens' ? 0 : token, store.getState().phase])
  }

  function next(): Ask | 'difference' | undefined {
    const state = look.getState()
    const { reading, view, halted, problem } = state
    const { phase, interventions } = store.getState()
    if (!model || !reading || halted || problem || (phase !== 'ready' && phase !== 'writing')) return undefined
    if (view === 'changes') {
      return isChanged(interventions) && reading.difference?.ids !== reading.ids ? 'difference' : undefined
    }
    return phase === 'ready' ? nextAsk(state, reading, model.info) : undefined
  }

  async function work() {
    for (let ask = next(); ask && model; ask = next()) {
      asking = { about: subject(), abort: new AbortController() }
      const { signal } = asking.abort
      const asked = model
      try {
        await (ask === 'difference' ? compare(asked, signal) : inspect(ask, signal))
      } catch (cause) {
        if (!signal.aborted && asked === host.model()) look.setState({ problem: problemOf(cause, 'write') })
      } finally {
        asking = undefined
        look.setState({ progress: undefined })
      }
    }
  }

  async function inspect(ask: Ask, signal: AbortSignal) {
    const { reading } = look.getState()
    if (!model || !reading) return
    session ??= model.session()
    const { ids } = reading
    const { interventions } = store.getState()
    const mine = epoch
    let come: Seen[] = []
    const show = () => {
      const now = look.getState().reading
      if (now && mine === epoch && come.length > 0) set(withVectors(withSeen(now, come), ask, come))
      come = []
    }
    let at = ask.from
    const tell = () => look.setState({ progress: { done: at - ask.from, total: ask.to - ask.from } })
    const showSometimes = atMostEvery(SHOWN_MS, () => {
      show()
      if (look.getState().progress) tell()
    })
    const slow = setTimeout(tell, SLOW_MS)
    const seeing = session.inspect(ids, { ...ask, interventions, signal })
    try {
      let step = await seeing.next()
      for (; !step.done; step = await seeing.next()) {
        if (signal.aborted) continue // it ends by itself
        come.push(step.value)
        at = step.value.position + 1
        showSometimes()
      }
      show()
      const now = look.getState().reading
      if (step.value && now && mine === epoch) set({ ...now, maps: { ids, maps: step.value } })
    } finally {
      clearTimeout(slow)
    }
  }

  function withVectors(reading: Reading, ask: Ask, come: readonly Seen[]): Reading {
    if (!ask.vectors) return reading
    const before = come[0]?.position === 0 ? [] : reading.vectors
    return { ...reading, vectors: [...before, ...come.flatMap(({ vectors }) => vectors ?? [])] }
  }

  /** What would come next, from the model as it is and as it was changed; while it writes, now and then. */
  async function compare(asked: Model, signal: AbortSignal) {
    const { reading } = look.getState()
    if (!reading) return
    const { ids } = reading
    const mine = epoch
    const startMs = performance.now()
    const { logits: before } = await asked.forward(ids, { signal })
    const { logits: after } = await asked.forward(ids, { ...store.getState().interventions, signal })
    const now = look.getState().reading
    if (now && mine === epoch) set({ ...now, difference: { ids, before, after } })
    const tookMs = performance.now() - startMs
    if (store.getState().phase === 'writing')
      await new Promise((resolve) => setTimeout(resolve, WRITING_SHARE * tookMs))
  }

  /** What was seen of a token comes once; the token itself twice, where a thought ends in it. */
  let written: Token[] = []
  const followNow = () => {
    const { reading } = look.getState()
    const seen = written.flatMap((token) => token.seen ?? [])
    written = []
    if (reading && seen.length > 0) {
      const ids = [...reading.ids, ...seen.map(({ id }) => id)]
      set(followed(reading, ids, spelled(ids, reading.tokens), seen))
    }
    wake()
  }
  const followSometimes = atMostEvery(LONG_SHOWN_MS, followNow)
  const follow = onceAFrame<number>((length) => (length > LONG ? followSometimes() : followNow()))

  host.watchedBy({
    inspect() {
      meet()
      return model ? watching(look.getState(), model.info) : {}
    },
    read(ids, total) {
      followNow()
      take(ids, total)
    },
    wrote(token) {
      written.push(token)
      follow(look.getState().reading?.ids.length ?? 0)
    },
  })

  const stops = [
    look.subscribe((state, before) => {
      const { view, head, source, token, halted, problem } = state
      const isSame = view === before.view && head === before.head && source === before.source && token === before.token
      if (!isSame || halted !== before.halted || problem !== before.problem) wake()
    }),
    store.subscribe((state, before) => {
      if (state.interventions !== before.interventions) forget()
      if (state.phase !== before.phase) {
        followNow()
        meet()
        read()
      }
      if (state.interventions !== before.interventions) wake()
    }),
    library.subscribe((state, before) => {
      const isSame =
        treeOf(state) === treeOf(before) &&
        conversationOf(state) === conversationOf(before) &&
        state.items === before.items
      if (isSame || store.getState().phase !== 'ready') return
      clearTimeout(resting)
      resting = setTimeout(read, REST_MS)
    }),
  ]
  read()

  return {
    again: () => look.setState({ problem: undefined, halted: false }),
    halt() {
      look.setState({ halted: true })
      asking?.abort.abort()
    },
    destroy() {
      for (const stop of stops) stop()
      clearTimeout(resting)
      follow.cancel()
      host.watchedBy(undefined)
      asking?.abort.abort()
      session?.destroy()
      look.setState({ reading: undefined, progress: undefined, problem: undefined, halted: false })
    },
  }
}
