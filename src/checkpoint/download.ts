/**
 * A file that is stored while it is read: several connections fill the chunks that are missing, the reader follows from
 * the start. Between them is the disk, so that neither waits for the other and memory holds a chunk a connection. Where
 * the disk is full and the browser gives no more of it, the reader goes on from the network.
 */
import { HeadlightError } from '../errors.ts'
import type { OnBytes } from './folder.ts'
import { checkOf } from './hash.ts'
import { HTML_BYTES, startsAsHtml } from './http.ts'
import { CHUNK_BYTES } from './journal.ts'
import type { Remote } from './remote.ts'
import { QuotaFull, type Slot } from './slot.ts'
import { type OpenedFile, streamOf } from './stream.ts'
import { type Begun, CHANGED, transfer } from './transfer.ts'

const CONNECTIONS = 4
/** Chunks that one request asks for: long enough that asking takes little of the time, short enough to come in order. */
const SPAN_CHUNKS = 16

export interface DownloadOptions {
  /** The response to a request for the first missing byte; undefined where none is missing. */
  readonly begun: Begun | undefined
  readonly signal?: AbortSignal | undefined
  /** Space ran out: asks for more. @returns whether there may be some now. @throws the signal's reason */
  readonly moreSpace: (signal: AbortSignal) => Promise<boolean>
  /** There is none: what follows is not stored. */
  readonly onFull: () => void
  /** What is stored turned out to be wrong, or cannot be finished. Called when it is closed. */
  readonly onSpoiled: () => Promise<void>
}

/** Takes over `slot`, and closes it when the body was read to its end, failed, or was cancelled. */
export function openDownload(remote: Remote, slot: Slot, options: DownloadOptions): OpenedFile {
  const download = new Download(remote, slot, options)
  const { name, byteLength, version } = slot.journal.identity
  return {
    name,
    byteLength,
    version,
    body: streamOf(download.bytes(), () => download.cancel()),
    arrivals: (onBytes) => download.report(onBytes),
  }
}

/** Chunks first … end − 1. */
type Run = readonly [first: number, end: number]

class Download {
  readonly #remote: Remote
  readonly #slot: Slot
  readonly #begun: Begun | undefined
  readonly #moreSpace: (signal: AbortSignal) => Promise<boolean>
  readonly #onFull: () => void
  readonly #onSpoiled: () => Promise<void>
  /** The host gives out no ranges: there is one response, from the start, and what is stored of it passes by again. */
  readonly #isWhole: boolean
  /** Ends everything. */
  readonly #stop = new AbortController()
  readonly #signal: AbortSignal
  /** Ends the connections. */
  readonly #halt = new AbortController()
  readonly #connections: Promise<unknown>
  /** Chunks before this one are stored, or some connection is at them. */
  #claimed = 0
  #started = false
  #full = false
  #failure: { readonly error: unknown } | undefined
  #wake: () => void = () => undefined
  readonly #storedBytes: number
  #arrivedBytes = 0
  #onBytes: OnBytes | undefined

  constructor(remote: Remote, slot: Slot, options: DownloadOptions) {
    const { begun, signal, moreSpace, onFull, onSpoiled } = options
    this.#remote = remote
    this.#slot = slot
    this.#begun = begun
    this.#moreSpace = moreSpace
    this.#onFull = onFull
    this.#onSpoiled = onSpoiled
    this.#isWhole = begun !== undefined && begun.response.status !== 206
    this.#signal = AbortSignal.any([this.#stop.signal, ...(signal ? [signal] : [])])
    this.#storedBytes = this.#isWhole ? 0 : slot.journal.storedBytes
    this.#signal.addEventListener('abort', () => this.#wake())
    this.#connections = Promise.all(this.#connect())
  }

  report(onBytes: OnBytes): void {
    if (this.#storedBytes > 0) onBytes(this.#storedBytes, true)
    if (this.#arrivedBytes > 0) onBytes(this.#arrivedBytes)
    this.#onBytes = onBytes
  }

  async cancel(): Promise<void> {
    this.#stop.abort(new DOMException('the reader has enough', 'AbortError'))
    if (!this.#started) await this.#close(true) // a generator that nobody asked for anything has no end
  }

  /** The file in order; at its end it is checked, and marked as complete. */
  async *bytes(): AsyncGenerator<Uint8Array, void, void> {
    const { journal } = this.#slot
    const { name, byteLength, sha256 } = journal.identity
    this.#started = true
    let isGood = true
    try {
      const check = await checkOf(name, sha256)
      for (let at = 0; at < byteLength; ) {
        for await (const bytes of this.#next(at)) {
          check.update(bytes)
          at += bytes.length
          yield bytes
        }
      }
      isGood = false
      check.finish()
      isGood = true
      if (!this.#full && !journal.isComplete) this.#slot.markComplete()
    } catch (error) {
      if (error instanceof HeadlightError && error.details['reason'] === CHANGED) isGood = false
      throw error
    } finally {
      await this.#close(isGood)
    }
  }

  async #close(isGood: boolean): Promise<void> {
    this.#halt.abort()
    await this.#connections
    if (isGood && !this.#full) return this.#slot.close()
    this.#slot.empty()
    await this.#onSpoiled()
  }

  /** Something from byte `at` on: as soon as its chunk is stored, or else from the network. */
  async *#next(at: number): AsyncGenerator<Uint8Array, void, void> {
    const chunk = Math.floor(at / CHUNK_BYTES)
    const { journal } = this.#slot
    while (!journal.has(chunk)) {
      this.#signal.throwIfAborted()
      if (this.#failure) throw this.#failure.error
      if (this.#full) {
        const [, end] = journal.missing(chunk, journal.chunks)!
        yield* this.#fetch(at, journal.endOf(end - 1), this.#signal)
        return
      }
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    this.#signal.throwIfAborted()
    yield this.#slot.read(at)
  }

  #connect(): Promise<void>[] {
    if (!this.#begun) return []
    const signal = AbortSignal.any([this.#signal, this.#halt.signal])
    const connect = async (first: Begun | undefined): Promise<void> => {
      const buffer = new Uint8Array(CHUNK_BYTES)
      let begun = first
      for (let span = this.#claim(signal); span; span = this.#claim(signal)) {
        const run = [this.#isWhole ? 0 : span[0], span[1]] as const
        await this.#store(run, buffer, begun, signal)
        begun = undefined
      }
    }
    return Array.from({ length: this.#isWhole ? 1 : CONNECTIONS }, (_, i) =>
      connect(i === 0 ? this.#begun : undefined).catch((error: unknown) => this.#fail(error)),
    )
  }

  /** One connection that fails, after all its patience, ends the others. */
  #fail(error: unknown): void {
    if (error instanceof QuotaFull) {
      if (!this.#full) this.#onFull()
      this.#full = true
    } else {
      this.#failure ??= { error }
    }
    this.#halt.abort(error)
    this.#wake()
  }

  /** Chunks that are missing and that no connection is at. */
  #claim(signal: AbortSignal): Run | undefined {
    if (signal.aborted) return undefined
    const { journal } = this.#slot
    const span = journal.missing(this.#claimed, SPAN_CHUNKS)
    if (!span) return undefined
    const [first, end] = this.#isWhole ? [span[0], journal.chunks] : span
    this.#claimed = end
    return [first, end]
  }

  /** Fetches a run of chunks, and stores those that are missing. `buffer` holds the one that is coming. */
  async #store([first, end]: Run, buffer: Uint8Array, begun: Begun | undefined, signal: AbortSignal): Promise<void> {
    const { journal } = this.#slot
    let chunk = first
    let filled = 0
    for await (const bytes of this.#fetch(first * CHUNK_BYTES, journal.endOf(end - 1), signal, begun)) {
      for (let taken = 0; taken < bytes.length; ) {
        const chunkBytes = journal.endOf(chunk) - chunk * CHUNK_BYTES
        const part = bytes.subarray(taken, taken + chunkBytes - filled)
        buffer.set(part, filled)
        filled += part.length
        taken += part.length
        if (filled < chunkBytes) continue
        if (!journal.has(chunk)) await this.#keep(chunk, buffer.subarray(0, filled), signal)
        chunk++
        filled = 0
      }
    }
  }

  async #keep(chunk: number, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (chunk === 0 && startsAsHtml(new TextDecoder().decode(bytes.subarray(0, HTML_BYTES)))) {
      throw webPage(this.#remote, this.#slot.journal.identity.name)
    }
    try {
      this.#slot.write(chunk, bytes)
    } catch (error) {
      if (!(error instanceof QuotaFull) || !(await this.#moreSpace(signal))) throw error
      this.#slot.write(chunk, bytes)
    }
    this.#wake()
  }

  async *#fetch(from: number, to: number, signal: AbortSignal, begun?: Begun): AsyncGenerator<Uint8Array, void, void> {
    const { name, byteLength } = this.#slot.journal.identity
    const known = { byteLength, version: this.#begun?.version, ...(begun && { begun }) }
    for await (const bytes of transfer(this.#remote, name, { from, to, ...known }, signal)) {
      // What is fetched twice, because the disk was full in the middle of a chunk, counts once.
      const count = Math.min(bytes.length, byteLength - this.#storedBytes - this.#arrivedBytes)
      this.#arrivedBytes += count
      this.#onBytes?.(count)
      yield bytes
    }
  }
}

/** Hosts of single-page apps, hotels and trains answer with a page, whatever they were asked for. */
export function webPage(remote: Remote, name: string): HeadlightError {
  const url = remote.locate(name)
  const message = `${name} is missing: ${url} is a web page. Check the address, and whether this network asks you to sign in.`
  return new HeadlightError('missing-file', message, { file: name, url, reason: CHANGED })
}
