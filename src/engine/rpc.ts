/**
 * Calls and streams between two threads. One request kind each way of ending it; a stream is pulled: the
 * far side runs at most a few items ahead of whoever reads.
 */
import { type ErrorCode, type ErrorDetails, HeadlightError } from '../errors.ts'

/** Items that a stream may be ahead of its reader: enough to hide the way between the threads. */
const STREAM_AHEAD = 8

interface Opening {
  readonly kind: 'call' | 'stream'
  readonly id: number
  readonly method: string
  readonly args: readonly unknown[]
}

export type Request = Opening | { readonly kind: 'more' | 'abort'; readonly id: number }

export type Reply =
  | { readonly kind: 'event' | 'item' | 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError }

/** An error as it crosses. */
export interface WireError {
  readonly name: string
  readonly message: string
  readonly code?: ErrorCode
  readonly details?: ErrorDetails
}

export function toWire(error: unknown): WireError {
  if (error instanceof HeadlightError) {
    return { name: error.name, message: error.message, code: error.code, details: error.details }
  }
  if (error instanceof Error || error instanceof DOMException) return { name: error.name, message: error.message }
  return { name: 'Error', message: String(error) }
}

export function fromWire({ name, message, code, details }: WireError): Error {
  if (code) return new HeadlightError(code, message, details)
  const error = new Error(message)
  error.name = name
  return error
}

/** Either end of the line: a Worker, or what a worker calls `self`. */
export interface Port {
  postMessage(message: unknown, options?: { transfer?: Transferable[] }): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
}

export interface CallContext {
  readonly signal: AbortSignal
  /** Tells the caller something before the result is there. */
  readonly emit: (value: unknown) => void
}

/** Answers calls: a method returns a promise, or an async generator when it is called as a stream. */
export type Methods = Readonly<
  Record<string, (context: CallContext, ...args: never[]) => Promise<unknown> | AsyncGenerator<unknown, unknown, void>>
>

/** Serves `methods` on `port`. What arrays of numbers are in an item or a result moves instead of being copied. */
export function serve(port: Port, methods: Methods): void {
  const running = new Map<number, { controller: AbortController; more: () => void }>()

  port.addEventListener('message', ({ data }: MessageEvent<Request>) => {
    if ('method' in data) void answer(data)
    else if (data.kind === 'more') running.get(data.id)?.more()
    else running.get(data.id)?.controller.abort()
  })

  async function answer({ kind, id, method, args }: Opening): Promise<void> {
    const controller = new AbortController()
    let credit = STREAM_AHEAD
    let wake: () => void = () => undefined
    const more = () => {
      credit++
      wake()
    }
    controller.signal.addEventListener('abort', () => wake())
    running.set(id, { controller, more })
    try {
      const run = methods[method] as ((context: CallContext, ...args: unknown[]) => unknown) | undefined
      if (!run) throw new Error(`no method ${method}`)
      const context = {
        signal: controller.signal,
        emit: (value: unknown) => port.postMessage({ kind: 'event', id, value } satisfies Reply),
      }
      const value =
        kind === 'call'
          ? await run(context, ...args)
          : await drain(run(context, ...args) as AsyncGenerator<unknown, unknown, void>)
      port.postMessage({ kind: 'result', id, value } satisfies Reply, { transfer: buffersIn(value) })
    } catch (error) {
      port.postMessage({ kind: 'error', id, error: toWire(error) } satisfies Reply)
    } finally {
      running.delete(id)
    }

    async function drain(stream: AsyncGenerator<unknown, unknown, void>): Promise<unknown> {
      try {
        for (;;) {
          if (credit === 0 && !controller.signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
          const { done, value } = await stream.next()
          if (done) return value
          controller.signal.throwIfAborted()
          credit--
          port.postMessage({ kind: 'item', id, value } satisfies Reply, { transfer: buffersIn(value) })
        }
      } finally {
        await stream.return(undefined)
      }
    }
  }
}

/** The buffers behind arrays of numbers that are anywhere in a plain value, each once. */
function buffersIn(value: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>()
  const visit = (inner: unknown): void => {
    if (typeof inner !== 'object' || inner === null) return
    if (inner instanceof Float32Array) found.add(inner.buffer as ArrayBuffer)
    else for (const each of Object.values(inner)) visit(each)
  }
  visit(value)
  return [...found]
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: (value: unknown) => void
}

/** Calls what `serve` answers at the other end. */
export class Caller {
  readonly #port: Port
  readonly #waiting = new Map<number, (reply: Reply) => void>()
  #calls = 0
  #failure: Error | undefined

  constructor(port: Port) {
    this.#port = port
    port.addEventListener('message', ({ data }: MessageEvent<Reply>) => this.#waiting.get(data.id)?.(data))
  }

  call<T>(method: string, args: readonly unknown[], { signal, onEvent }: CallOptions = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#open('call', method, args, signal, (reply) => {
        if (reply.kind === 'event') onEvent?.(reply.value)
        else if (reply.kind === 'result') resolve(reply.value as T)
        else if (reply.kind === 'error') reject(signal?.aborted ? signal.reason : fromWire(reply.error))
      })
    })
  }

  /** Leaving the loop, or aborting `signal`, ends the stream at the other end and waits until it has. */
  async *stream<T, R>(
    method: string,
    args: readonly unknown[],
    { signal }: CallOptions = {},
  ): AsyncGenerator<T, R, void> {
    const items: T[] = []
    let ended: Reply | undefined
    let wake: () => void = () => undefined
    const id = this.#open('stream', method, args, signal, (reply) => {
      if (reply.kind === 'item') items.push(reply.value as T)
      else ended = reply
      wake()
    })
    const turn = () => new Promise<void>((resolve) => (wake = resolve))
    try {
      for (;;) {
        while (items.length > 0) {
          signal?.throwIfAborted()
          const item = items.shift() as T
          this.#port.postMessage({ kind: 'more', id } satisfies Request)
          yield item
        }
        if (ended?.kind === 'result') return ended.value as R
        if (ended?.kind === 'error') throw signal?.aborted ? signal.reason : fromWire(ended.error)
        await turn()
      }
    } finally {
      if (!ended) {
        this.#port.postMessage({ kind: 'abort', id } satisfies Request)
        while (!ended) await turn()
      }
    }
  }

  /** Ends every call, and those to come, with `error`: the other end is gone. */
  fail(error: Error): void {
    this.#failure = error
    for (const [id, settle] of this.#waiting) settle({ kind: 'error', id, error: toWire(error) })
  }

  #open(
    kind: 'call' | 'stream',
    method: string,
    args: readonly unknown[],
    signal: AbortSignal | undefined,
    onReply: (reply: Reply) => void,
  ): number {
    const id = ++this.#calls
    const abort = () => this.#port.postMessage({ kind: 'abort', id } satisfies Request)
    this.#waiting.set(id, (reply) => {
      if (reply.kind === 'result' || reply.kind === 'error') {
        this.#waiting.delete(id)
        signal?.removeEventListener('abort', abort)
      }
      onReply(reply)
    })
    if (this.#failure) {
      this.#waiting.get(id)!({ kind: 'error', id, error: toWire(this.#failure) })
    } else {
      this.#port.postMessage({ kind, id, method, args } satisfies Request)
      if (signal?.aborted) abort()
      else signal?.addEventListener('abort', abort)
    }
    return id
  }
}
