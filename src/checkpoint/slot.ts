/**
 * One file that is being stored: its bytes and its journal, each under this worker's lock. A chunk is on disk before its
 * mark is, and the journal is the first to go: whenever the tab dies, what is marked is there.
 */
import { CHUNK_BYTES, type Identity, isSame, Journal } from './journal.ts'

/** FileSystemSyncAccessHandle: only workers have it. */
export interface SyncFile {
  read(into: Uint8Array, options: { at: number }): number
  write(bytes: Uint8Array, options: { at: number }): number
  truncate(size: number): void
  getSize(): number
  flush(): void
  close(): void
}

/** The disk, or this site's share of it, is full. */
export class QuotaFull extends Error {}

export class Slot {
  readonly journal: Journal
  readonly #data: SyncFile
  readonly #marks: SyncFile
  readonly #chunk = new Uint8Array(CHUNK_BYTES)
  #closed = false

  /**
   * Goes on where the journal stopped, where that was about the same content; else starts anew.
   * @throws QuotaFull. Either file is closed then.
   */
  static open(data: SyncFile, marks: SyncFile, identity: Identity): Slot {
    try {
      const written = new Uint8Array(marks.getSize())
      marks.read(written, { at: 0 })
      const known = Journal.parse(written)
      if (known && isSame(known.identity, identity) && data.getSize() === identity.byteLength) {
        return new Slot(data, marks, known)
      }
      const journal = Journal.fresh(identity)
      withinQuota(() => {
        marks.truncate(0)
        marks.flush()
        data.truncate(0)
        data.truncate(identity.byteLength) // all of the space now: what does not fit is known before it is fetched
        data.flush()
        writeAll(marks, journal.bytes, 0)
        marks.flush()
      })
      return new Slot(data, marks, journal)
    } catch (error) {
      data.close()
      marks.close()
      throw error
    }
  }

  private constructor(data: SyncFile, marks: SyncFile, journal: Journal) {
    this.#data = data
    this.#marks = marks
    this.journal = journal
  }

  /** @throws QuotaFull */
  write(chunk: number, bytes: Uint8Array): void {
    withinQuota(() => {
      writeAll(this.#data, bytes, chunk * CHUNK_BYTES)
      this.#data.flush()
      const { at, byte } = this.journal.mark(chunk)
      writeAll(this.#marks, byte, at)
    })
  }

  /** Bytes from `at` to the end of their chunk, which must be stored. Good until the next call. */
  read(at: number): Uint8Array {
    const bytes = this.#chunk.subarray(0, this.journal.endOf(Math.floor(at / CHUNK_BYTES)) - at)
    const count = this.#data.read(bytes, { at })
    if (count !== bytes.length) throw new Error(`${this.journal.identity.name}: read ${count} of ${bytes.length} bytes`)
    return bytes
  }

  markComplete(): void {
    this.#marks.flush()
    const { at, byte } = this.journal.markComplete()
    writeAll(this.#marks, byte, at)
    this.#marks.flush()
  }

  /** Nothing of it is of use any more; closes it, too. */
  empty(): void {
    if (this.#closed) return
    this.#marks.truncate(0)
    this.#marks.flush()
    this.#data.truncate(0)
    this.close()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#data.close()
    this.#marks.close()
  }
}

function writeAll(file: SyncFile, bytes: Uint8Array, at: number): void {
  if (file.write(bytes, { at }) !== bytes.length) throw new QuotaFull()
}

/** Browsers name it differently: an exception of their own, or of the file system's. */
function withinQuota(work: () => void): void {
  try {
    work()
  } catch (error) {
    const isFull = error instanceof DOMException && /Quota|NoSpace|FileTooLarge/i.test(`${error.name} ${error.message}`)
    throw isFull ? new QuotaFull() : error
  }
}
