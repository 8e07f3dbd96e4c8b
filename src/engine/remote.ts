/** The engine in a worker, as the page sees it: the same interface, each call sent across. */
import { parseSource, type Source } from '../checkpoint/source.ts'
import { HeadlightError } from '../errors.ts'
import type { TokenizerFiles } from '../tokenizer/index.ts'
import { Caller, fromWire, type WireError } from './rpc.ts'
import { askToPersist, modelStorage } from './storage.ts'
import type {
  Chat,
  DeviceInfo,
  Engine,
  Examination,
  ExamineOptions,
  Finish,
  ForwardOptions,
  ForwardResult,
  GenerateOptions,
  HubOptions,
  Input,
  InspectedMaps,
  InspectOptions,
  LoadOptions,
  LoadProgress,
  Model,
  ModelInfo,
  ModelSource,
  ModelStorage,
  Profile,
  ProfileOptions,
  Seen,
  Session,
  Token,
  Tokenizer,
} from './types.ts'
import workerUrl from './worker.ts?worker&url'

export interface LoadedRemotely {
  /** Names the model in calls. */
  readonly handle: number
  readonly info: ModelInfo
  readonly tokenizerFiles: TokenizerFiles | undefined
}

export class RemoteEngine implements Engine {
  readonly device: DeviceInfo
  readonly lost: Promise<HeadlightError>
  readonly storage: ModelStorage
  readonly #worker: Worker
  readonly #caller: Caller
  readonly #hub: HubOptions

  static async open(hub: HubOptions = {}): Promise<RemoteEngine> {
    const worker = startWorker()
    const caller = new Caller(worker)
    const lost = new Promise<HeadlightError>((resolve) => {
      const fail = (error: HeadlightError) => {
        resolve(error)
        caller.fail(error)
      }
      worker.addEventListener('message', ({ data }: MessageEvent<{ kind: string; error: WireError }>) => {
        if (data.kind === 'lost') resolve(fromWire(data.error) as HeadlightError)
        // Only a page may ask the browser for lasting storage.
        if (data.kind === 'persist') void askToPersist().then((granted) => caller.call('persisted', [granted]))
      })
      worker.addEventListener('error', ({ message }) => {
        const reason = message || 'its script could not be loaded'
        fail(new HeadlightError('device-lost', `the engine's worker failed: ${reason}`, { reason }))
      })
    })
    try {
      return new RemoteEngine(worker, caller, lost, await caller.call<DeviceInfo>('open', []), hub)
    } catch (error) {
      worker.terminate()
      throw error
    }
  }

  private constructor(
    worker: Worker,
    caller: Caller,
    lost: Promise<HeadlightError>,
    device: DeviceInfo,
    hub: HubOptions,
  ) {
    this.#worker = worker
    this.#caller = caller
    this.lost = lost
    this.device = device
    this.#hub = hub
    this.storage = modelStorage(hub.hub)
  }

  /** What a source means is for the page to say: its address, paths of files, and whose origin is its own. */
  #arguments<O extends HubOptions>(source: ModelSource, options: O): [Source, O] {
    const { hub, ...others } = { ...this.#hub, ...options }
    return [parseSource(source, { hub }), others as O]
  }

  async examine(source: ModelSource, { signal, ...options }: ExamineOptions = {}): Promise<Examination> {
    return this.#caller.call<Examination>('examine', this.#arguments(source, options), { signal })
  }

  async load(source: ModelSource, { signal, onProgress, ...options }: LoadOptions = {}): Promise<Model> {
    const words = Promise.all([import('../tokenizer/index.ts'), import('./chat.ts')]) // beside what the worker fetches
    words.catch(() => undefined) // awaited below
    const loaded = await this.#caller.call<LoadedRemotely>('load', this.#arguments(source, options), {
      signal,
      onEvent: (progress) => onProgress?.(progress as LoadProgress),
    })
    const files = loaded.tokenizerFiles
    const [{ lazyTokenizer, refusingTokenizer }, { chatOf }] = await words
    return new RemoteModel(this.#caller, loaded, {
      tokenizer: files ? await lazyTokenizer(files) : refusingTokenizer,
      chat: await chatOf(files),
    })
  }

  destroy(): void {
    this.#caller.fail(new HeadlightError('destroyed', 'the engine was destroyed; create another'))
    this.#worker.terminate()
  }
}

class RemoteModel implements Model {
  readonly info: ModelInfo
  readonly tokenizer: Tokenizer
  readonly chat: Chat
  readonly #caller: Caller
  readonly #handle: number

  constructor(
    caller: Caller,
    { handle, info }: LoadedRemotely,
    { tokenizer, chat }: Pick<Model, 'tokenizer' | 'chat'>,
  ) {
    this.#caller = caller
    this.#handle = handle
    this.info = info
    this.tokenizer = tokenizer
    this.chat = chat
  }

  forward(ids: readonly number[], { signal, ...options }: ForwardOptions = {}): Promise<ForwardResult> {
    return this.#caller.call('forward', [this.#handle, [...ids], options], { signal })
  }

  profile({ signal, ...options }: ProfileOptions = {}): Promise<Profile> {
    return this.#caller.call('profile', [this.#handle, options], { signal })
  }

  session(): Session {
    return new RemoteSession(this.#caller, this.#caller.call<number>('session', [this.#handle]))
  }

  destroy(): void {
    ignoreFailure(this.#caller.call('destroyModel', [this.#handle]))
  }
}

class RemoteSession implements Session {
  readonly #caller: Caller
  readonly #handle: Promise<number>

  constructor(caller: Caller, handle: Promise<number>) {
    this.#caller = caller
    this.#handle = handle
    ignoreFailure(handle) // generate() says what is wrong
  }

  async *generate(input: Input, { signal, ...options }: GenerateOptions = {}): AsyncGenerator<Token, Finish, void> {
    return yield* this.#caller.stream<Token, Finish>('generate', [await this.#handle, input, options], { signal })
  }

  async *inspect(
    ids: readonly number[],
    { signal, ...options }: InspectOptions,
  ): AsyncGenerator<Seen, InspectedMaps | undefined, void> {
    const args = [await this.#handle, [...ids], options]
    return yield* this.#caller.stream<Seen, InspectedMaps | undefined>('inspect', args, { signal })
  }

  async fork(upTo?: number): Promise<Session> {
    const handle = await this.#caller.call<number>('fork', [await this.#handle, upTo])
    return new RemoteSession(this.#caller, Promise.resolve(handle))
  }

  async save(name: string): Promise<number> {
    return this.#caller.call('save', [await this.#handle, name])
  }

  async restore(name: string): Promise<number> {
    return this.#caller.call('restore', [await this.#handle, name])
  }

  destroy(): void {
    ignoreFailure(this.#handle.then((handle) => this.#caller.call('destroySession', [handle])))
  }
}

/** For calls whose failure means that there is nothing left to do. */
function ignoreFailure(call: Promise<unknown>): void {
  call.catch(() => undefined)
}

/** Workers must be of the page's origin: where the library is not, a one-line script that is imports it. */
function startWorker(): Worker {
  const url = new URL(workerUrl, globalThis.location.href)
  const options = { type: 'module', name: 'headlight' } as const
  if (url.origin === globalThis.location.origin) return new Worker(url, options)
  const shim = URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)}`], { type: 'text/javascript' }))
  const worker = new Worker(shim, options)
  // Revoked only once the worker runs: the script may be fetched late.
  worker.addEventListener('message', () => URL.revokeObjectURL(shim), { once: true })
  return worker
}
