/** Files of a model: a folder of any static file host, in Hugging Face layout. */
import { HeadlightError } from '../errors.ts'

export interface FolderFile {
  readonly name: string
  /** As the host says; undefined where it does not, or where it says that the file comes compressed. */
  readonly byteLength: number | undefined
  readonly body: ReadableStream<Uint8Array>
}

/** `name` is a path inside the folder. All refuse with the signal's reason when it aborts. */
export interface Folder {
  /** Where a file lies, for messages. */
  locate(name: string): string
  /** The parsed file; undefined where it does not exist. @throws HeadlightError `network`, `bad-file` */
  json(name: string, signal?: AbortSignal): Promise<unknown>
  /** Undefined where the file does not exist. @throws HeadlightError `network` */
  text(name: string, signal?: AbortSignal): Promise<string | undefined>
  /**
   * Undefined where the file does not exist. The caller reads `body` to its end or cancels it.
   * @throws HeadlightError `network`
   */
  open(name: string, signal?: AbortSignal): Promise<FolderFile | undefined>
}

/** What to throw where a file that must be there is not. */
export function missingFile(folder: Folder, name: string): HeadlightError {
  const url = folder.locate(name)
  return new HeadlightError(
    'missing-file',
    `${name} is missing: there is no ${url}. Check the address of the folder.`,
    {
      file: name,
      url,
    },
  )
}

/**
 * A folder by its URL, with or without a slash at its end. A query (a signature, a revision) goes with every file.
 * Nothing is fetched yet.
 * @throws HeadlightError `bad-input` where `url` is no http(s) address
 */
export function openFolder(url: string | URL): Folder {
  const base = folderUrl(url)

  const locate = (name: string): string => {
    const file = new URL(base)
    file.pathname += name.split('/').map(encodeURIComponent).join('/')
    return file.href
  }

  const fetchFile = async (name: string, signal: AbortSignal | undefined): Promise<Response | undefined> => {
    const address = locate(name)
    const response = await fetch(address, signal ? { signal } : {}).catch((cause: unknown) => {
      signal?.throwIfAborted()
      throw unreachable(name, address, cause)
    })
    const { status } = response
    const missing = status === 404 || status === 410 || (response.ok && isHtml(response))
    if (response.ok && !missing) return response
    await response.body?.cancel()
    if (missing) return undefined
    throw refused(name, address, status)
  }

  const text = async (name: string, signal?: AbortSignal): Promise<string | undefined> => {
    const response = await fetchFile(name, signal)
    if (!response) return undefined
    const content = await response.text().catch((cause: unknown) => {
      signal?.throwIfAborted()
      throw unreachable(name, locate(name), cause)
    })
    return startsAsHtml(content) ? undefined : content
  }

  const json = async (name: string, signal?: AbortSignal): Promise<unknown> => {
    const content = await text(name, signal)
    if (content === undefined) return undefined
    try {
      return JSON.parse(content)
    } catch (cause) {
      const start = content.slice(0, 40)
      const message = `${name} is not JSON: it starts with ${JSON.stringify(start)} (${locate(name)})`
      throw new HeadlightError('bad-file', message, { file: name, found: start, expected: 'JSON' }, { cause })
    }
  }

  const open = async (name: string, signal?: AbortSignal): Promise<FolderFile | undefined> => {
    const response = await fetchFile(name, signal)
    if (!response) return undefined
    const address = locate(name)
    const reader = (response.body ?? new Blob().stream()).getReader()
    const read = () =>
      reader.read().catch((cause: unknown) => {
        signal?.throwIfAborted()
        throw unreachable(name, address, cause)
      })

    // Enough of the start to know a page from a file.
    const start: Uint8Array[] = []
    for (let length = 0; length < HTML_BYTES; ) {
      const { done, value } = await read()
      if (done) break
      start.push(value)
      length += value.length
    }
    if (
      startsAsHtml(new TextDecoder().decode(await new Blob(start as BlobPart[]).slice(0, HTML_BYTES).arrayBuffer()))
    ) {
      await reader.cancel()
      return undefined
    }

    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const kept = start.shift()
          if (kept) return controller.enqueue(kept)
          const { done, value } = await read()
          if (done) controller.close()
          else controller.enqueue(value)
        },
        cancel: (reason) => reader.cancel(reason),
      },
      { highWaterMark: 0 }, // the network buffers enough by itself
    )
    return { name, byteLength: contentLength(response), body }
  }

  return { locate, json, text, open }
}

function folderUrl(url: string | URL): URL {
  // Beside the page, or beside a worker's script: a page should resolve its URLs before it hands them to one.
  const here = globalThis.document?.baseURI ?? globalThis.location?.href
  const folder = URL.canParse(`${url}`, here) ? new URL(url, here) : undefined
  if (!folder || !['http:', 'https:'].includes(folder.protocol)) {
    throw new HeadlightError('bad-input', `the address of a model's folder is "${url}", expected an http(s) URL`, {
      found: `${url}`,
      expected: 'http(s) URL',
    })
  }
  if (!folder.pathname.endsWith('/')) folder.pathname += '/'
  folder.hash = ''
  return folder
}

// Hosts of single-page apps answer every address with 200 and their page: the file is missing there.
const HTML_BYTES = 64
const isHtml = (response: Response) => /^text\/html\b/i.test(response.headers.get('content-type') ?? '')
const startsAsHtml = (text: string) => /^\s*<(!doctype|html)/i.test(text.slice(0, HTML_BYTES))

function contentLength({ headers }: Response): number | undefined {
  const length = headers.get('content-length')
  const encoding = headers.get('content-encoding') ?? 'identity'
  return length !== null && encoding === 'identity' && /^\d+$/.test(length) ? Number(length) : undefined
}

function unreachable(name: string, url: string, cause: unknown): HeadlightError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const advice = 'Check the connection, and that the host lets other sites read its files (CORS).'
  return new HeadlightError(
    'network',
    `${name} could not be fetched from ${url}: ${reason}. ${advice}`,
    { file: name, url, reason },
    { cause },
  )
}

function refused(name: string, url: string, status: number): HeadlightError {
  const advice =
    status === 401 || status === 403
      ? 'The folder must be open to the public.'
      : status === 429 || status >= 500
        ? 'Try again later.'
        : 'Check the address of the folder.'
  return new HeadlightError('network', `${name} could not be fetched: ${url} answered ${status}. ${advice}`, {
    file: name,
    url,
    status,
  })
}
