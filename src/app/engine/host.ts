/**
 * The one place where the page and the engine meet: starts the engine, loads the model that the state asks for, and
 * lets it write into the text. Outside React; reads and writes the store.
 *
 *     starting → loading ⇄ ready ⇄ writing
 *         └─────────┴─── failed (recover: again)
 *
 * A model that cannot be loaded, or whose loading is cancelled, gives way to the one before.
 */
import type { createEngine, Engine, HeadlightError, LoadProgress, Model, ModelStorage } from '../../index.ts'
import { conversationOf } from '../chat/open-chat.ts'
import type { Library } from '../manuscript/open-text.ts'
import {
  isSameModel,
  type KeptModel,
  type ModelChoice,
  type OtherChoice,
  shortName,
  sourceOf,
  type UrlChoice,
  weightsOf,
} from '../models/choice.ts'
import type { AppStore } from '../store/app.ts'
import type { Pair, Side } from '../store/comparison.ts'
import { hubOptions } from '../store/hub.ts'
import type { Comparer } from './comparer.ts'
import { DownloadMeter } from './download-meter.ts'
import { createExaminer } from './examiner.ts'
import { onceAFrame } from './frames.ts'
import type { Onlooker } from './onlooker.ts'
import { type Problem, problemOf } from './problem.ts'
import { tendSavedTexts } from './saved-texts.ts'
import { createSpeaker, type Speaker } from './speaker.ts'
import { createWriter, type Writer } from './writer.ts'

export interface EngineHost extends Omit<Writer, 'take' | 'release' | 'beside'>, Pick<Comparer, 'compare'> {
  /** The model that is loaded, for who looks into it. */
  model(): Model | undefined
  readonly chat: Omit<Speaker, 'take' | 'release' | 'stop' | 'watchedBy'>
  /** @param asked by the page's address: loaded at once, unless it is large */
  start(asked?: UrlChoice): Promise<void>
  /** Loads another model. Writing stops. */
  choose(model: ModelChoice): Promise<void>
  /** Loads the model of a text that was opened, if it is at hand. */
  follow(model: KeptModel): Promise<void>
  /** Loads a model that is at hand; shows what loading takes of one that is not. */
  consider(model: ModelChoice): Promise<void>
  /** Shows what loading a model takes, in the model dialog. */
  examine(model: OtherChoice): Promise<void>
  /** Ends loading, and comes back to the model before. What was downloaded stays. */
  cancel(): void
  /** After a problem: the same again. */
  recover(): Promise<void>
  /** Models that are stored in this browser; undefined before there is an engine (`device` in the store). */
  storage(): ModelStorage | undefined
}

/** What an address may have fetched without being asked. */
const LARGE_BYTES = 50_000_000
const METER_MS = 500

/** Of the state: what there is to say of a model. */
const NOTHING = {
  info: undefined,
  progress: undefined,
  pace: undefined,
  contextUse: undefined,
  rate: undefined,
  interventions: {},
}

export function createEngineHost(
  create: typeof createEngine,
  store: AppStore,
  library: Library,
  base: string,
): EngineHost {
  let opening: Promise<Engine> | undefined
  let engine: Engine | undefined
  let loading: AbortController | undefined
  /** The latest that was loaded. */
  let loaded: ModelChoice | undefined
  let present: Model | undefined
  const open = () => {
    opening ??= create()
    return opening
  }
  const writer = createWriter(store, library)
  const speaker = createSpeaker(store, library)
  const examiner = createExaminer(open, store, base)
  const cleanSavedTexts = tendSavedTexts(library, () => engine?.storage)

  function fail(problem: Problem) {
    store.setState({ problem, phase: 'failed', wanted: false })
  }

  function release() {
    loading?.abort()
    present = undefined
    speaker.release()
    writer.release()
  }

  async function start(asked?: UrlChoice): Promise<void> {
    if (asked) store.getState().setModel(asked)
    store.setState({ ...NOTHING, phase: 'starting', problem: undefined, device: undefined })
    let mine: Engine
    try {
      mine = engine = await open()
    } catch (error) {
      opening = undefined
      return fail(problemOf(error, 'start'))
    }
    store.setState({ device: mine.device })
    void mine.lost.then((error: HeadlightError) => {
      if (engine !== mine) return
      release()
      fail(problemOf(error, 'start'))
    })
    await (asked && asked === store.getState().model ? loadUnlessLarge(asked) : load())
    void cleanSavedTexts()
  }

  /** Begins to load something: whatever was there, or being loaded, ends. */
  function begin(problem?: Problem): AbortSignal {
    release()
    loading = new AbortController()
    store.setState({ ...NOTHING, phase: 'loading', problem })
    return loading.signal
  }

  async function loadUnlessLarge(choice: UrlChoice): Promise<void> {
    store.getState().setModel(choice)
    const signal = begin()
    try {
      const examination = (await isStored(choice.url)) ? undefined : await examiner.look(choice, signal)
      signal.throwIfAborted()
      if (examination && examination.byteLength - examination.cachedBytes > LARGE_BYTES) {
        store.setState({ modelTab: 'choose', candidate: { choice, examination, examining: false, cancelled: false } })
        return comeBack(choice)
      }
    } catch (error) {
      if (!signal.aborted) await comeBack(choice, problemOf(error, 'examine', choice))
      return
    }
    await load()
  }

  /** @param problem why this one is loaded and not another: it stays in sight */
  async function load(problem?: Problem): Promise<void> {
    if (!engine) return start()
    const choice = store.getState().model
    const signal = begin(problem)
    const showProgress = onceAFrame((progress: LoadProgress) => store.setState({ progress }))
    const metering = meter()
    try {
      const model = await engine.load(sourceOf(choice, base), {
        ...hubOptions(store.getState()),
        ...weightsOf(choice),
        signal,
        onProgress: (progress) => !signal.aborted && showProgress(progress),
      })
      if (signal.aborted) return model.destroy()
      present = model
      writer.take(model)
      speaker.take(model)
      loaded = choice
      noteLoaded(choice)
      const { wanted } = store.getState()
      store.setState({ phase: 'ready', info: model.info, wanted: false, pace: undefined })
      if (wanted) await (conversationOf(library.getState()) ? speaker.answer() : writer.write())
    } catch (error) {
      if (signal.aborted) return
      const problem = problemOf(error, 'load', choice)
      examiner.setAside(choice, problem)
      await comeBack(choice, problem)
    } finally {
      showProgress.cancel()
      clearInterval(metering)
    }
  }

  /** Tells the pace of the download now and then, also while nothing arrives. */
  function meter() {
    const ofDownload = new DownloadMeter()
    return setInterval(() => {
      const { progress } = store.getState()
      if (progress) store.setState({ pace: ofDownload.pace(progress, performance.now()) })
    }, METER_MS)
  }

  /** To the model that was there before `choice`, or to the built-in one. */
  async function comeBack(choice: ModelChoice, problem?: Problem): Promise<void> {
    const builtIn = { kind: 'built-in', id: store.getState().builtIn } as const
    const before = loaded !== choice ? loaded : undefined
    loaded = undefined // should it fail as well, the built-in one is left
    if (!before && isSameModel(choice, builtIn)) {
      if (problem) fail(problem)
      return
    }
    store.setState({ wanted: false })
    store.getState().setModel(before ?? builtIn)
    await load(problem)
  }

  function noteLoaded(choice: ModelChoice) {
    const { candidate, progress, modelTab, noteUse } = store.getState()
    const isCandidate = candidate !== undefined && isSameModel(candidate.choice, choice)
    if (isCandidate) store.setState({ candidate: undefined, modelTab: modelTab === 'choose' ? undefined : modelTab })
    if (choice.kind !== 'url') return
    const source = (isCandidate && candidate.examination?.source) || choice.url.split(/[?#]/, 1)[0]!
    noteUse({ source, name: shortName(source), bytes: progress?.download.total ?? 0, ...weightsOf(choice) })
  }

  const isStored = async (source: string): Promise<boolean> =>
    (await engine?.storage.list())?.some((model) => model.source === source && model.complete) ?? false

  async function consider(choice: ModelChoice): Promise<void> {
    if (choice.kind === 'files' || (choice.kind === 'url' && !(await isStored(choice.url)))) {
      return examiner.examine(choice)
    }
    store.setState({ candidate: undefined, modelTab: undefined })
    return choose(choice)
  }

  async function follow(kept: KeptModel): Promise<void> {
    if (kept.kind === 'files' || (kept.kind === 'url' && !(await isStored(kept.url)))) return
    return choose(kept)
  }

  function cancel() {
    const { phase, model } = store.getState()
    if (phase !== 'loading' || model.kind === 'built-in') return
    loading?.abort()
    examiner.setAside(model)
    void comeBack(model)
  }

  async function recover(): Promise<void> {
    const { problem, dismissProblem } = store.getState()
    dismissProblem()
    const lost = problem?.code === 'device-lost' || problem?.code === 'destroyed'
    if (problem?.during === 'write' && !lost) return writer.write()
    if (problem?.choice && !lost) {
      const { choice, during } = problem
      return during === 'examine' && choice.kind === 'url' ? loadUnlessLarge(choice) : choose(choice)
    }
    release()
    engine?.destroy()
    engine = undefined
    opening = undefined
    return start()
  }

  function choose(choice: ModelChoice) {
    const { candidate, setModel } = store.getState()
    if (candidate?.choice === choice) {
      store.setState({ candidate: { ...candidate, problem: undefined, cancelled: false } })
    }
    setModel(choice)
    // Without an engine there is nothing to load into; it loads what is chosen once it starts.
    return engine ? load() : Promise.resolve()
  }

  let comparer: Comparer | undefined // comes with its dialog

  async function compare(sides: Pair<Side>) {
    const { createComparer } = await import('./comparer.ts')
    comparer ??= createComparer(store, library, writer, choose)
    await comparer.compare(sides)
  }

  function stop() {
    comparer?.halt()
    speaker.stop()
    writer.stop()
  }

  function watchedBy(onlooker: Onlooker | undefined) {
    writer.watchedBy(onlooker)
    speaker.watchedBy(onlooker)
  }

  const { write, retry, offer, branch } = writer
  const { examine } = examiner
  return {
    start,
    choose,
    follow,
    consider,
    examine,
    cancel,
    write,
    stop,
    retry,
    offer,
    branch,
    watchedBy,
    model: () => present,
    compare,
    recover,
    chat: speaker,
    storage: () => engine?.storage,
  }
}
