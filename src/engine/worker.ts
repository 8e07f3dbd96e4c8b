/** The worker: a LocalEngine that answers a RemoteEngine. */
import { LocalEngine } from './local.ts'
import type { LocalModel } from './model.ts'
import type { LoadedRemotely } from './remote.ts'
import { type CallContext, type Port, serve, toWire } from './rpc.ts'
import type {
  DeviceInfo,
  ForwardOptions,
  ForwardResult,
  GenerateOptions,
  Input,
  LoadOptions,
  Session,
} from './types.ts'

const port = globalThis as unknown as Port
let engine: LocalEngine
const models = new Map<number, LocalModel>()
const sessions = new Map<number, Session>()
let made = 0

function known<T>(things: ReadonlyMap<number, T>, handle: number): T {
  const thing = things.get(handle)
  if (thing === undefined) throw new Error(`no object ${handle} in the worker`)
  return thing
}

const methods = {
  async open(): Promise<DeviceInfo> {
    engine = await LocalEngine.open()
    void engine.lost.then((error) => port.postMessage({ kind: 'lost', error: toWire(error) }))
    return engine.device
  },
  async load({ signal, emit }: CallContext, url: string, options: LoadOptions): Promise<LoadedRemotely> {
    const { model, tokenizerFiles } = await engine.loadWithFiles(url, { ...options, signal, onProgress: emit })
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
  async session(_: CallContext, model: number): Promise<number> {
    sessions.set(++made, known(models, model).session())
    return made
  },
  generate({ signal }: CallContext, session: number, input: Input, options: GenerateOptions) {
    return known(sessions, session).generate(input, { ...options, signal })
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

serve(port, methods, (value) => {
  if (typeof value !== 'object' || value === null || !('logits' in value)) return []
  const { logits, attentions = [] } = value as ForwardResult
  return [logits, ...attentions].map(({ buffer }) => buffer)
})
