/** A folder at the other end of a network: what a host can be asked. No memory, nothing stored. */
import type { HeadlightError } from '../errors.ts'
import { type Ask, contentLength, isHtml, type Patience, request, versionOf } from './http.ts'

/** What is known of a file before it is fetched. */
export interface FileInfo {
  /** A path inside the folder. */
  readonly name: string
  readonly byteLength: number | undefined
  /** Hexadecimal. */
  readonly sha256: string | undefined
  /** Differs where the content does: an object id, an ETag, a date. Undefined where the host says none. */
  readonly version: string | undefined
}

export interface Remote {
  readonly patience: Patience
  locate(name: string): string
  /** Every file of the folder; undefined where the host cannot say. @throws HeadlightError `network`, `no-access` … */
  list(signal?: AbortSignal): Promise<readonly FileInfo[] | undefined>
  /** What the host says of one file; undefined where it is missing. @throws HeadlightError `network` */
  ask(name: string, signal?: AbortSignal): Promise<FileInfo | undefined>
  /**
   * The file from byte `from` on, to before byte `to`. A host may answer with all of it (status 200).
   * Undefined where it is missing. @throws HeadlightError `network`
   */
  get(name: string, range: ByteRange | undefined, signal?: AbortSignal): Promise<Response | undefined>
}

export interface ByteRange {
  readonly from: number
  /** Undefined: to the end. */
  readonly to?: number | undefined
}

export interface RemoteOptions {
  readonly patience: Patience
  readonly locate: (name: string) => string
  /** Headers that may not be sent without asking (a preflight): a token. */
  readonly headers?: Readonly<Record<string, string>>
  readonly refuse?: (ask: Ask, response: Response) => HeadlightError
  readonly list?: Remote['list']
  readonly cache?: RequestCache
}

export function httpRemote(options: RemoteOptions): Remote {
  const { patience, locate, headers = {}, refuse, list = async () => undefined, cache = 'default' } = options
  const send = (name: string, more: Partial<Ask>) =>
    request({ name, url: locate(name), cache, patience, ...(refuse && { refuse }), ...more })

  return {
    patience,
    locate,
    list,
    async ask(name, signal) {
      const response = await send(name, { method: 'HEAD', headers, signal })
      if (!response || isHtml(response)) return undefined
      return { name, byteLength: contentLength(response), sha256: undefined, version: versionOf(response) }
    },
    async get(name, range, signal) {
      // One range and nothing else: what browsers send to other sites without asking them first.
      const bytes = range && `bytes=${range.from}-${range.to === undefined ? '' : range.to - 1}`
      const asked = { headers: { ...headers, ...(bytes && { Range: bytes }) }, signal }
      // A piece stays out of the browser's cache: Chromium would complete it to the file, and may end that too early.
      const response = await send(name, range?.to === undefined ? asked : { ...asked, cache: 'no-store' })
      if (!response || !isHtml(response)) return response
      await response.body?.cancel()
      return undefined
    },
  }
}

/** A folder by its URL, with a slash at its end. */
export function urlRemote(folder: string, patience: Patience, cache: RequestCache = 'default'): Remote {
  const locate = (name: string): string => {
    const file = new URL(folder)
    file.pathname += name.split('/').map(encodeURIComponent).join('/')
    return file.href
  }
  return httpRemote({ patience, locate, cache })
}
