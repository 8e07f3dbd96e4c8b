/** Files of a remote folder that nothing stores: one stream each, as fast as its reader takes it. */
import { truncated } from './byte-reader.ts'
import type { FolderFile } from './folder.ts'
import { checkOf } from './hash.ts'
import { HTML_BYTES, startsAsHtml } from './http.ts'
import type { FileInfo, Remote } from './remote.ts'
import { begin, FIRST_LOOK_BYTES, transfer } from './transfer.ts'

/** A file, and what its host said of it. */
export interface OpenedFile extends FolderFile {
  readonly version: string | undefined
}

export interface StreamOptions {
  /** What the host stated before: size, hash. */
  readonly info?: FileInfo | undefined
  /** For a reader who may soon have enough: see `Stretch`. */
  readonly isLook?: boolean
  readonly signal?: AbortSignal | undefined
}

/**
 * Undefined where the file is missing, or a web page is in its place. Its hash is checked at its end, where one is
 * stated.
 * @throws HeadlightError `network`
 */
export async function openStream(
  remote: Remote,
  name: string,
  { info, isLook = false, signal }: StreamOptions = {},
): Promise<OpenedFile | undefined> {
  // Ends a request that is waiting, when the reader has enough.
  const enough = new AbortController()
  const either = AbortSignal.any([enough.signal, ...(signal ? [signal] : [])])
  const begun = await begin(remote, name, isLook ? { from: 0, to: FIRST_LOOK_BYTES } : undefined, either)
  if (!begun) return undefined
  const byteLength = info?.byteLength ?? begun.byteLength
  const pieces = transfer(remote, name, { from: 0, begun, byteLength, version: begun.version, isLook }, either)

  // Enough of the start to know a page from a file.
  const start: Uint8Array[] = []
  for (let length = 0; length < HTML_BYTES; length += start.at(-1)!.length) {
    const { done, value } = await pieces.next()
    if (done) break
    start.push(value.slice()) // the next one takes its memory
  }
  if (startsAsHtml(await new Blob(start as BlobPart[]).slice(0, HTML_BYTES).text())) {
    enough.abort()
    return undefined
  }

  async function* all() {
    const check = await checkOf(name, info?.sha256)
    for (const piece of start.splice(0)) {
      check.update(piece)
      yield piece
    }
    for await (const piece of pieces) {
      check.update(piece)
      yield piece
    }
    check.finish()
  }
  return { name, byteLength, version: info?.version ?? begun.version, body: streamOf(all(), () => enough.abort()) }
}

/** Pulled only when somebody reads: the network buffers enough by itself. */
export function streamOf(
  pieces: AsyncGenerator<Uint8Array, void, void>,
  onCancel: () => void | Promise<void>,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        const cancelled = onCancel()
        await pieces.return()
        await cancelled
      },
    },
    { highWaterMark: 0 },
  )
}

/** A small file whole. @throws HeadlightError `network`, `truncated-file`, `bad-file` */
export async function readWhole({ name, byteLength, body }: FolderFile): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of body) {
    pieces.push(piece.slice())
    length += piece.length
  }
  if (byteLength !== undefined && length !== byteLength) throw truncated(name, length, byteLength)
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const piece of pieces) {
    bytes.set(piece, offset)
    offset += piece.length
  }
  return bytes
}
