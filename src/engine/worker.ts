/** The worker: a LocalEngine that answers a RemoteEngine. */
import type { Source } from '../checkpoint/source.ts'
import { LocalEngine } from './local.ts'
import type { LocalModel } from './model.ts'
import type { LoadedRemotely } from './remote.ts'
import { type CallContext, type Port, serve, toWire } from './rpc.ts'
import type {
  DeviceInfo,
  Examination,
  ExamineOptions,
  ForwardOptions,
  ForwardResult,
  GenerateOptions,
  Input,
  InspectOptions,
  LoadOptions,
  Profile,
  ProfileOptions,
  Session,
} from './types.ts'

const port = globalThis as unknown as Port
let engine: LocalEngine
const models = new Map<number, LocalModel>()
const sessions = new Map<number, Session>()
let made = 0
/** Loads that wait for the page to ask for lasting storage. */
let asking: { readonly answer: Promise<boolean>; readonly resolve: (granted: boolean) => void } | undefined

function known<T>(things: ReadonlyMap<number, T>, handle: number): T {
  const thing = things.get(handle)
  if (thing === undefined) throw new Error(`no object ${handle} in the worker`)
  return thing
}

function persist(): Promise<boolean> {
  if (!asking) {
    let resolve: (granted: boolean) => void = () => undefined
    const answer = new Promise<boolean>((done) => (resolve = done))
    asking = { answer, resolve }
    port.postMessage({ kind: 'persist' })
  }
  return asking.answer
}

const methods = {
  async open(): Promise<DeviceInfo> {
    engine = await LocalEngine.open({ persist })
    void engine.lost.then((error) => port.postMessage({ kind: 'lost', error: toWire(error) }))
    return engine.device
  },
  async examine({ signal }: CallContext, source: Source, options: ExamineOptions): Promise<Examination> {
    return engine.examineSource(source, { ...options, signal })
  },
  async persisted(_: CallContext, granted: boolean): Promise<void> {
    asking?.resolve(granted)
    asking = undefined
  },
  async load({ signal, emit }: CallContext, source: Source, options: LoadOptions): Promise<LoadedRemotely> {
    const { model, tokenizerFiles } = await engine.loadWithFiles(source, { ...options, signal, onProgress: emit })
    models.set(++made, model)
    return { handle: made, info: model.info, tokenizerFiles }
  },
  async forward(
    { signal }: CallContext,
    model: number,
    ids: readonly number[],
    options: ForwardOptions,
  ): Promise<ForwardResult> {
    return known(models, model).forward(ids, { ...options, signal })
  },
  async profile({ signal }: CallContext, model: number, options: ProfileOptions): Promise<Profile> {
    return known(models, model).profile({ ...options, signal })
  },
  async session(_: CallContext, model: number): Promise<number> {
    sessions.set(++made, known(models, model).session())
    return made
  },
  generate({ signal }: CallContext, session: number, input: Input, options: GenerateOptions) {
    return known(sessions, session).generate(input, { ...options, signal })
  },
  inspect({ signal }: CallContext, session: number, ids: readonly number[], options: InspectOptions) {
    return known(sessions, session).inspect(ids, { ...options, signal })
  },
  async fork(_: CallContext, session: number, upTo?: number): Promise<number> {
    const fork = await known(sessions, session).fork(upTo)
    sessions.set(++made, fork)
    return made
  },
  async save(_: CallContext, session: number, name: string): Promise<number> {
    return known(sessions, session).save(name)
  },
  async restore(_: CallContext, session: number, name: string): Promise<number> {
    return known(sessions, session).restore(name)
  },
  async destroySession(_: CallContext, session: number): Promise<void> {
    sessions.get(session)?.destroy()
    sessions.delete(session)
  },
  async destroyModel(_: CallContext, model: number): Promise<void> {
    models.get(model)?.destroy()
    models.delete(model)
  },
}

serve(port, methods)
