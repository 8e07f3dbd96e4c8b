/** Reads a stream of chunks of any size as so many bytes at a time, without holding more than one chunk. */
import { HeadlightError } from '../errors.ts'
import type { FolderFile, OnBytes } from './folder.ts'

export interface ByteReader {
  /** Bytes given out so far. */
  readonly position: number
  /** Between 1 and `most` bytes, good until the next call; undefined at the end of the file. */
  read(most: number): Promise<Uint8Array | undefined>
  /**
   * Exactly `byteLength` bytes. Memory grows with what arrives, not with what is asked for.
   * @throws HeadlightError `truncated-file`
   */
  readExactly(byteLength: number): Promise<Uint8Array>
  cancel(): Promise<void>
}

export function byteReader(file: FolderFile, signal?: AbortSignal, onBytes?: OnBytes): ByteReader {
  const reader = file.body.getReader()
  if (onBytes) file.arrivals?.(onBytes)
  let chunk: Uint8Array = new Uint8Array()
  let position = 0

  const read = async (most: number): Promise<Uint8Array | undefined> => {
    signal?.throwIfAborted()
    while (chunk.length === 0) {
      const { done, value } = await reader.read()
      if (done) return undefined
      chunk = value
      if (!file.arrivals) onBytes?.(value.length)
    }
    const bytes = chunk.subarray(0, most)
    chunk = chunk.subarray(bytes.length)
    position += bytes.length
    return bytes
  }

  const readExactly = async (byteLength: number): Promise<Uint8Array> => {
    const pieces: Uint8Array[] = []
    for (let missing = byteLength; missing > 0; ) {
      const piece = await read(missing)
      if (!piece) throw truncated(file.name, position, position + missing)
      pieces.push(piece.slice())
      missing -= piece.length
    }
    const bytes = new Uint8Array(byteLength)
    let offset = 0
    for (const piece of pieces) {
      bytes.set(piece, offset)
      offset += piece.length
    }
    return bytes
  }

  return {
    get position() {
      return position
    },
    read,
    readExactly,
    // A stream that failed refuses to be cancelled, with the error that the reader has already seen.
    cancel: () => reader.cancel().catch(() => undefined),
  }
}

export function truncated(file: string, found: number, expected: number): HeadlightError {
  const reason = 'the download or the upload broke off. Try again.'
  const message = `${file} ended after ${found} bytes, expected ${expected}: ${reason}`
  return new HeadlightError('truncated-file', message, { file, found, expected })
}
