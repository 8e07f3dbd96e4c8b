/** Bytes of a remote file in order, as one stream: what breaks off is taken up again where it broke. */
import { HeadlightError } from '../errors.ts'
import { truncated } from './byte-reader.ts'
import { contentLength, pause, unreachable, versionOf } from './http.ts'
import type { ByteRange, Remote } from './remote.ts'

/** A file whose first response is there: its size and version as this host says now. */
export interface Begun {
  readonly name: string
  /** Of the whole file. */
  readonly byteLength: number | undefined
  readonly version: string | undefined
  /** Byte of the file that `response` begins with: 0 where the host does not give out ranges. */
  readonly from: number
  readonly response: Response
}

/** Asks for a file from a byte on. Undefined where it is missing. @throws HeadlightError `network` */
export async function begin(
  remote: Remote,
  name: string,
  range: ByteRange | undefined,
  signal?: AbortSignal,
): Promise<Begun | undefined> {
  const response = await remote.get(name, range, signal)
  if (!response) return undefined
  const from = response.status === 206 ? (range?.from ?? 0) : 0
  // Content-Range may be kept from us (CORS); Content-Length never is.
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? []
  if (start !== undefined && Number(start) !== from) {
    await response.body?.cancel()
    throw new HeadlightError(
      'network',
      `${remote.locate(name)} was asked for byte ${from}, and answered from ${start}`,
      {
        file: name,
        found: Number(start),
        expected: from,
      },
    )
  }
  const length = contentLength(response)
  const isToEnd = response.status !== 206 || range?.to === undefined
  const byteLength = total !== undefined ? Number(total) : isToEnd && length !== undefined ? from + length : undefined
  return { name, byteLength, version: versionOf(response), from, response }
}

export interface Stretch extends ByteRange {
  /** A response that is there already. */
  readonly begun?: Begun
  /** As the host said first: a file that changes half-way is no file. */
  readonly byteLength?: number | undefined
  readonly version?: string | undefined
  /** For a reader who may soon have enough: asks for few bytes, then for more and more. */
  readonly isLook?: boolean
}

/** As much as most headers of safetensors take. */
export const FIRST_LOOK_BYTES = 1 << 16
const LOOK_GROWTH = 4

/**
 * The file's bytes from `from` to before `to`, in order, in chunks as they come. A chunk is good until the next is asked
 * for.
 * @throws HeadlightError `network`, `truncated-file`, `missing-file`; the signal's reason
 */
export async function* transfer(
  remote: Remote,
  name: string,
  { from, to, begun, isLook = false, ...known }: Stretch,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const { patience } = remote
  let at = from
  let current = begun
  let { byteLength, version } = known
  let pieceBytes = isLook ? FIRST_LOOK_BYTES : undefined
  for (let failures = 0; ; ) {
    const end = to ?? byteLength
    if (end !== undefined && at >= end) return
    const pieceEnd = pieceBytes === undefined ? to : Math.min(at + pieceBytes, end ?? Number.POSITIVE_INFINITY)
    // A whole file is asked for as browsers ask for any: so it may come from their own cache.
    const range = at === 0 && pieceEnd === undefined ? undefined : { from: at, to: pieceEnd }
    current ??= await begin(remote, name, range, signal)
    if (!current) throw changed(remote, name, 'is gone')
    byteLength ??= current.byteLength
    version ??= current.version
    if (current.byteLength !== undefined && current.byteLength !== byteLength) {
      await current.response.body?.cancel()
      throw changed(remote, name, `has ${current.byteLength} bytes, expected ${byteLength}`)
    }
    if (current.version !== undefined && current.version !== version) {
      await current.response.body?.cancel()
      throw changed(remote, name, 'changed while it was being read')
    }

    // A host that does not give out ranges is not asked for the whole file again and again.
    const asked = (current.response.status === 206 ? pieceEnd : to) ?? byteLength
    const started = at
    let broken: unknown
    try {
      for await (const bytes of within(current, at, asked, patience.silenceMs, signal)) {
        at += bytes.length
        yield bytes
      }
    } catch (cause) {
      signal?.throwIfAborted()
      broken = cause
    }
    current = undefined
    if (broken === undefined && asked === undefined) return // nobody said how long it is
    if (broken === undefined && at === asked) {
      if (pieceBytes !== undefined) pieceBytes *= LOOK_GROWTH
      continue
    }
    if (broken === undefined && pieceBytes !== undefined && byteLength === undefined) return // a piece that ends early
    // Each byte that came is hope; a host that breaks off at the same place again and again has none.
    failures = at > started ? 1 : failures + 1
    if (failures >= patience.attempts) {
      throw broken === undefined ? truncated(name, at, asked!) : unreachable({ name, url: remote.locate(name) }, broken)
    }
    await pause(patience, failures, signal)
  }
}

/** What of a response lies from byte `at` to before `end`; the rest of it is not waited for. */
async function* within(
  { response, from }: Begun,
  at: number,
  end = Number.POSITIVE_INFINITY,
  silenceMs: number,
  signal: AbortSignal | undefined,
) {
  const reader = readerOf(response.body ?? new Blob().stream())
  // A response that was asked for before this signal was there knows nothing of it.
  signal?.addEventListener('abort', reader.cancel)
  let position = from
  try {
    while (position < end) {
      signal?.throwIfAborted()
      const value = await unlessSilent(reader.read(), silenceMs)
      signal?.throwIfAborted()
      if (!value) return
      const bytes = value.subarray(Math.max(0, at - position), end - position)
      position += value.length
      if (bytes.length > 0) yield bytes
    }
  } finally {
    signal?.removeEventListener('abort', reader.cancel)
    await reader.cancel()
  }
}

/** @throws where nothing comes for too long */
function unlessSilent<T>(coming: Promise<T>, silenceMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came for ${silenceMs / 1000} seconds`)), silenceMs)
  })
  return Promise.race([coming, silence]).finally(() => clearTimeout(timer))
}

/** Large enough that asking takes little of the time. */
const REUSED_BYTES = 1 << 18

interface Chunks {
  /** Undefined at the end. */
  readonly read: () => Promise<Uint8Array | undefined>
  readonly cancel: () => Promise<void>
}

/** Each chunk takes the memory of the one before, where the browser can: gigabytes pass by here. */
function readerOf(body: ReadableStream<Uint8Array>): Chunks {
  const own = bytesReader(body)
  if (!own) {
    const reader = body.getReader()
    return { read: async () => (await reader.read()).value, cancel: () => reader.cancel().catch(() => undefined) }
  }
  let memory = new ArrayBuffer(REUSED_BYTES)
  return {
    async read() {
      const { done, value } = await own.read(new Uint8Array(memory))
      if (done || !value) return undefined
      memory = value.buffer
      return value
    },
    cancel: () => own.cancel().catch(() => undefined),
  }
}

/** Undefined where the browser's responses cannot be read into given memory. */
function bytesReader(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: 'byob' })
  } catch {
    return undefined
  }
}

/** `details.reason` of errors that say: what is stored of this file is of no use. */
export const CHANGED = 'changed'

/** The file upstream is another than before. */
export function changed(remote: Remote, name: string, how: string): HeadlightError {
  const url = remote.locate(name)
  const message = `${name} changed at its host: ${url} ${how}. Load the model again.`
  return new HeadlightError('network', message, { file: name, url, reason: CHANGED })
}
