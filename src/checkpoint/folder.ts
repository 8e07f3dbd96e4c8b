/** What a folder of a model's files is to whoever reads them, wherever it lies. */
import { HeadlightError } from '../errors.ts'

export interface FolderFile {
  readonly name: string
  /** As the host says; undefined where it does not, or where it says that the file comes compressed. */
  readonly byteLength: number | undefined
  /** Differs where the content does; undefined where nobody says. */
  readonly version?: string | undefined
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
  /** The same for a reader who wants its beginning: little is fetched at a time, and nothing stored. */
  look(name: string, signal?: AbortSignal): Promise<FolderFile | undefined>
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
