/**
 * A site's files (OPFS) in memory, as far as the store uses them: with locks, a quota, and a disk that forgets what was
 * not flushed when the machine stops.
 */
import type { SyncFile } from '../src/checkpoint/slot.ts'

/** Bytes with a past: what is on disk, and what was written since the last flush. */
export class MemoryFile {
  bytes = new Uint8Array()
  #unflushed: ((bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>)[] = []
  #durable = new Uint8Array()
  isOpen = false
  readonly #step: () => void
  readonly #room: (more: number) => boolean

  /** @param step called before anything is done; throws where the machine is to stop */
  constructor(step: () => void = () => undefined, room: (more: number) => boolean = () => true) {
    this.#step = step
    this.#room = room
  }

  open(): SyncFile {
    if (this.isOpen) throw new DOMException('it is open elsewhere', 'NoModificationAllowedError')
    this.isOpen = true
    return {
      getSize: () => this.bytes.length,
      read: (into, { at }) => {
        const part = this.bytes.subarray(at, at + into.length)
        into.set(part)
        return part.length
      },
      write: (bytes, { at }) => {
        this.#step()
        const copy = bytes.slice()
        this.#change((old) => {
          const out = resized(old, Math.max(old.length, at + copy.length))
          out.set(copy, at)
          return out
        })
        return bytes.length
      },
      truncate: (size) => {
        this.#step()
        this.#change((old) => resized(old, size))
      },
      flush: () => {
        this.#step()
        this.#durable = this.bytes.slice()
        this.#unflushed = []
      },
      close: () => {
        this.isOpen = false
      },
    }
  }

  /** The machine stops: of what was not flushed, in order, only that for which `survives` says so is there afterwards. */
  crash(survives: () => boolean): void {
    this.bytes = this.#unflushed.filter(survives).reduce((bytes, change) => change(bytes), this.#durable)
    this.#durable = this.bytes.slice()
    this.#unflushed = []
    this.isOpen = false
  }

  #change(change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): void {
    const bytes = change(this.bytes)
    const isLess = bytes.length < this.bytes.length
    if (!isLess && !this.#room(bytes.length - this.bytes.length))
      throw new DOMException('no room', 'QuotaExceededError')
    this.bytes = bytes
    this.#unflushed.push(change)
  }
}

function resized(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size)
  out.set(bytes.subarray(0, size))
  return out
}

/** What the site may take. A disk may be full though the site's share is not: after so many writes. */
interface Quota {
  bytes: number
  writes?: number
}

type Entry = MemoryDirectory | MemoryFileHandle

class MemoryFileHandle {
  readonly kind = 'file'
  readonly name: string
  readonly file: MemoryFile
  constructor(name: string, file: MemoryFile) {
    this.name = name
    this.file = file
  }
  async getFile(): Promise<File> {
    return new File([this.file.bytes], this.name)
  }
  async createSyncAccessHandle(): Promise<SyncFile> {
    return this.file.open()
  }
}

export class MemoryDirectory {
  readonly kind = 'directory'
  readonly name: string
  readonly quota: Quota
  readonly #top: MemoryDirectory
  readonly #entries = new Map<string, Entry>()

  constructor(name = '', quota: Quota = { bytes: Number.POSITIVE_INFINITY }, top?: MemoryDirectory) {
    this.name = name
    this.quota = quota
    this.#top = top ?? this
  }

  /** As the store takes it. */
  get handle(): FileSystemDirectoryHandle {
    return this as unknown as FileSystemDirectoryHandle
  }

  /** Bytes of all files. */
  get size(): number {
    return [...this.#entries.values()].reduce(
      (sum, entry) => sum + (entry.kind === 'file' ? entry.file.bytes.length : entry.size),
      0,
    )
  }

  /** Paths of all files. */
  get paths(): string[] {
    return [...this.#entries.values()].flatMap((entry) =>
      entry.kind === 'file' ? [entry.name] : entry.paths.map((path) => `${entry.name}/${path}`),
    )
  }

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<MemoryDirectory> {
    const known = this.#entries.get(name)
    if (known?.kind === 'directory') return known
    if (!create) throw new DOMException(name, 'NotFoundError')
    const made = new MemoryDirectory(name, this.quota, this.#top)
    this.#entries.set(name, made)
    return made
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<MemoryFileHandle> {
    const known = this.#entries.get(name)
    if (known?.kind === 'file') return known
    if (!create) throw new DOMException(name, 'NotFoundError')
    const room = (more: number) => {
      const { bytes, writes = Number.POSITIVE_INFINITY } = this.quota
      this.quota.writes = writes - 1
      return this.#top.size + more <= bytes && writes > 0
    }
    const made = new MemoryFileHandle(name, new MemoryFile(undefined, room))
    this.#entries.set(name, made)
    return made
  }

  async removeEntry(name: string): Promise<void> {
    const entry = this.#entries.get(name)
    if (!entry) throw new DOMException(name, 'NotFoundError')
    const isOpen = entry.kind === 'file' ? entry.file.isOpen : entry.isOpen
    if (isOpen) throw new DOMException(name, 'NoModificationAllowedError')
    this.#entries.delete(name)
  }

  get isOpen(): boolean {
    return [...this.#entries.values()].some((entry) => (entry.kind === 'file' ? entry.file.isOpen : entry.isOpen))
  }

  async *entries(): AsyncGenerator<[string, Entry]> {
    yield* [...this.#entries]
  }

  async *keys(): AsyncGenerator<string> {
    yield* [...this.#entries.keys()]
  }
}
