/** Files of a model: a folder of any static file host, in Hugging Face layout. */
import { HeadlightError } from '../errors.ts'
import { PATIENCE, type Patience } from './http.ts'
import { type Remote, urlRemote } from './remote.ts'
import { openStream, readWhole } from './stream.ts'

export interface FolderFile {
  readonly name: string
  /** As the host says; undefined where it does not, or where it says that the file comes compressed. */
  readonly byteLength: number | undefined
  /** A chunk is good until the next is asked for. */
  readonly body: ReadableStream<Uint8Array>
  /**
   * Where bytes arrive before their reader asks for them: tells of them as they do, and first of those that were
   * stored before. Absent where whoever reads `body` may count.
   */
  readonly arrivals?: (onBytes: OnBytes) => void
}

/** Told of so many bytes more; `stored`: they were on this device already. */
export type OnBytes = (byteLength: number, stored?: boolean) => void

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
 * Nothing is fetched yet, and nothing is stored.
 * @throws HeadlightError `bad-input` where `url` is no http(s) address
 */
export function openFolder(url: string | URL, patience: Patience = PATIENCE): Folder {
  return remoteFolder(urlRemote(folderUrl(url), patience))
}

/** The files of a remote as a folder. */
function remoteFolder(remote: Remote): Folder {
  const { locate } = remote
  const text = async (name: string, signal?: AbortSignal): Promise<string | undefined> => {
    const file = await openStream(remote, name, { signal })
    return file && new TextDecoder().decode(await readWhole(file))
  }
  return {
    locate,
    text,
    json: async (name, signal) => parseJson(name, await text(name, signal), locate(name)),
    open: (name, signal) => openStream(remote, name, { signal }),
  }
}

/** Undefined where there is no text. @throws HeadlightError `bad-file` */
export function parseJson(name: string, content: string | undefined, where: string): unknown {
  if (content === undefined) return undefined
  try {
    return JSON.parse(content)
  } catch (cause) {
    const start = content.slice(0, 40)
    const message = `${name} is not JSON: it starts with ${JSON.stringify(start)} (${where})`
    throw new HeadlightError('bad-file', message, { file: name, found: start, expected: 'JSON' }, { cause })
  }
}

function folderUrl(url: string | URL): string {
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
  return folder.href
}
