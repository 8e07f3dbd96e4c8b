/** One request that heals: retried with growing pauses while there is hope, and worded for a person where there is none. */
import { HeadlightError } from '../errors.ts'

/** How long to hope. The nth pause is `firstMs` · 2ⁿ, give or take half. */
export interface Patience {
  /** A connection on which nothing comes for so long is given up. */
  readonly silenceMs: number
  /** Tries while the host answers, but not with the file. */
  readonly attempts: number
  readonly firstMs: number
}

export const PATIENCE: Patience = { attempts: 5, firstMs: 500, silenceMs: 30_000 }

/** No answer at all is as likely a host that refuses other sites (CORS) as a hiccup: fewer tries. */
const UNANSWERED_ATTEMPTS = 3
/** A host that asks for a longer pause is told of instead. */
const LONGEST_PAUSE_MS = 60_000
const PASSING = [408, 425, 429, 500, 502, 503, 504]

export interface Ask {
  /** For messages. */
  readonly name: string
  readonly url: string
  readonly method?: 'GET' | 'HEAD'
  readonly headers?: Readonly<Record<string, string>>
  /** 'no-store' where what comes is stored elsewhere. */
  readonly cache?: RequestCache
  readonly signal?: AbortSignal | undefined
  readonly patience: Patience
  /** What a status that is not 2xx, 404 or 410 means on this host. Default: `refused`. */
  readonly refuse?: (ask: Ask, response: Response) => HeadlightError
}

/**
 * A response with status 2xx; undefined for 404 and 410. No referrer goes along.
 * @throws HeadlightError `network` and what `refuse` makes; the signal's reason
 */
export async function request(ask: Ask): Promise<Response | undefined> {
  const { url, method = 'GET', headers = {}, cache = 'default', signal, patience } = ask
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    const init: RequestInit = { method, headers, cache, referrerPolicy: 'no-referrer', ...(signal && { signal }) }
    const response = await fetch(url, init).catch((cause: unknown) => {
      signal?.throwIfAborted()
      return unreachable(ask, cause)
    })
    if (response instanceof HeadlightError) {
      if (attempt >= Math.min(patience.attempts, UNANSWERED_ATTEMPTS) || isOffline()) throw response
      await pause(patience, attempt, signal)
      continue
    }
    if (response.ok) return response
    const { status } = response
    if (status === 404 || status === 410) {
      await response.body?.cancel()
      return undefined
    }
    const after = PASSING.includes(status) ? retryAfterMs(response) : undefined
    const hopeless = !PASSING.includes(status) || attempt >= patience.attempts || (after ?? 0) > LONGEST_PAUSE_MS
    if (hopeless) {
      const error = (ask.refuse ?? refused)(ask, response)
      await response.body?.cancel()
      throw error
    }
    await response.body?.cancel()
    await (after === undefined ? pause(patience, attempt, signal) : sleep(after, signal))
  }
}

/** The nth pause, between half and one and a half times its length, so that many tabs do not come back at once. */
export function pause({ firstMs }: Patience, attempt: number, signal?: AbortSignal): Promise<void> {
  return sleep(firstMs * 2 ** (attempt - 1) * (0.5 + Math.random()), signal)
}

function sleep(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal!.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, durationMs)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}

/** Retry-After: seconds, or a date. */
function retryAfterMs({ headers }: Response): number | undefined {
  const after = headers.get('retry-after')
  if (after === null) return undefined
  const ms = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}

const isOffline = () => globalThis.navigator?.onLine === false

export function unreachable({ name, url }: Pick<Ask, 'name' | 'url'>, cause: unknown): HeadlightError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const advice = isOffline()
    ? 'This device is offline.'
    : 'Check the connection, and that the host lets other sites read its files (CORS).'
  const message = `${name} could not be fetched from ${url}: ${reason}. ${advice}`
  return new HeadlightError('network', message, { file: name, url, reason }, { cause })
}

export function refused({ name, url }: Ask, response: Response): HeadlightError {
  const { status } = response
  const after = retryAfterMs(response)
  const again = after === undefined ? 'Try again later.' : `Try again in ${Math.ceil(after / 1000)} seconds.`
  const isPassing = PASSING.includes(status) || status >= 500
  const advice =
    status === 401 || status === 403
      ? 'The folder must be open to the public.'
      : isPassing
        ? again
        : 'Check the address of the folder.'
  return new HeadlightError('network', `${name} could not be fetched: ${url} answered ${status}. ${advice}`, {
    file: name,
    url,
    status,
    ...(after !== undefined && { retryAfterSeconds: Math.ceil(after / 1000) }),
  })
}

/** Size of the whole content as the host says; undefined where it does not, or where what comes is compressed. */
export function contentLength({ headers }: Response): number | undefined {
  const length = headers.get('content-length')
  const encoding = headers.get('content-encoding') ?? 'identity'
  return length !== null && encoding === 'identity' && /^\d+$/.test(length) ? Number(length) : undefined
}

/** Changes when the file does; undefined where the host says nothing, or does not let other sites read it. */
export function versionOf({ headers }: Response): string | undefined {
  return headers.get('etag')?.replace(/^W\//, '') ?? headers.get('last-modified') ?? undefined
}

// Hosts of single-page apps answer every address with 200 and their page.
export const HTML_BYTES = 64
export const isHtml = ({ headers }: Response) => /^text\/html\b/i.test(headers.get('content-type') ?? '')
export const startsAsHtml = (text: string) => /^\s*<(!doctype|html)/i.test(text.slice(0, HTML_BYTES))
