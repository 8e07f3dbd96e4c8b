/**
 * A model's folder on the network, stored on the way where the browser lets us. What is stored and still the same
 * upstream is not fetched again; without a network, what is stored has to do.
 */
import type { LoadNotice } from '../engine/types.ts'
import { HeadlightError } from '../errors.ts'
import { Derived } from './derived.ts'
import { openDownload, webPage } from './download.ts'
import { type Folder, parseJson } from './folder.ts'
import { CHUNK_BYTES, type Identity } from './journal.ts'
import type { FileInfo, Remote } from './remote.ts'
import { QuotaFull, type Slot } from './slot.ts'
import type { ModelStore } from './store.ts'
import { type OpenedFile, openStream, readWhole } from './stream.ts'
import { type Begun, begin, changed } from './transfer.ts'

export interface Storing {
  readonly store: ModelStore
  /** False where this thread can only read what is stored. */
  readonly canWrite: boolean
  /** Asks the browser for lasting and larger storage. */
  readonly persist: () => Promise<boolean>
}

export class NetworkPlace implements Folder {
  readonly #remote: Remote
  readonly #storing: Storing | undefined
  readonly #onNotStored: (why: LoadNotice) => void
  #listing: Promise<ReadonlyMap<string, FileInfo> | undefined> | undefined
  /** The host cannot be reached, and all that the model needs is stored. */
  #offline = false
  #isStored = true
  /** Small files, to be stored once the model is loaded: one that cannot be loaded leaves nothing behind. */
  readonly #small = new Map<string, { readonly identity: Identity; readonly bytes: Uint8Array }>()
  #persisted: Promise<boolean> | undefined
  /** Large files were read. Else the weights came from what was made of them, and they may not be stored. */
  #isOpened = false

  /** @param storing undefined where nothing is to be stored */
  constructor(remote: Remote, storing: Storing | undefined, onNotStored: (why: LoadNotice) => void) {
    this.#remote = remote
    this.#storing = storing
    this.#onNotStored = onNotStored
  }

  locate(name: string): string {
    return this.#remote.locate(name)
  }

  /** Every file; undefined where the host cannot say. */
  async list(signal?: AbortSignal): Promise<readonly FileInfo[] | undefined> {
    const listing = await this.#listed(signal)
    if (listing) return [...listing.values()]
    return this.#offline ? (await this.#storing!.store.files()).map(({ identity }) => identity) : undefined
  }

  /** What is known of a file without fetching it; undefined where it is missing. */
  async stat(name: string, signal?: AbortSignal): Promise<FileInfo | undefined> {
    const listing = await this.#listed(signal)
    if (listing) return listing.get(name)
    if (!this.#offline) {
      try {
        return await this.#remote.ask(name, signal)
      } catch (error) {
        await this.#goOffline(error)
      }
    }
    return (await this.#storing!.store.find(name))?.identity
  }

  /** Bytes of it that need not be fetched. */
  async storedBytes({ name, version, byteLength }: FileInfo): Promise<number> {
    const stored = await this.#storing?.store.find(name)
    const isSame = stored?.identity.version === version && stored?.identity.byteLength === byteLength
    return stored && isSame ? stored.storedBytes : 0
  }

  async text(name: string, signal?: AbortSignal): Promise<string | undefined> {
    const bytes = await this.#whole(name, signal)
    return bytes && new TextDecoder().decode(bytes)
  }

  async json(name: string, signal?: AbortSignal): Promise<unknown> {
    return parseJson(name, await this.text(name, signal), this.locate(name))
  }

  get derived(): Derived | undefined {
    return this.#storing && new Derived(this.#storing.store, this.#storing.canWrite)
  }

  async open(name: string, signal?: AbortSignal): Promise<OpenedFile | undefined> {
    this.#isOpened = true
    const listing = await this.#listed(signal)
    const info = listing?.get(name)
    if (listing && !info) return undefined
    const stored = await this.#stored(name, info, 'large', signal)
    if (stored !== undefined) return stored === 'missing' ? undefined : fileOf(stored)
    return this.#storing?.canWrite
      ? this.#download(name, info, this.#storing, signal)
      : this.#stream(name, info, 'no-storage', signal)
  }

  /** The same for a reader who wants its beginning: little is fetched at a time, and nothing stored. */
  async look(name: string, signal?: AbortSignal): Promise<OpenedFile | undefined> {
    const listing = await this.#listed(signal)
    const info = listing?.get(name)
    if (listing && !info) return undefined
    const stored = await this.#stored(name, info, 'large', signal)
    if (stored !== undefined) return stored === 'missing' ? undefined : fileOf(stored)
    return openStream(this.#remote, name, { info, isLook: true, signal })
  }

  /** The model is loaded: what it needed is what is stored. */
  async finish(): Promise<void> {
    if (!this.#storing?.canWrite) return
    const { store } = this.#storing
    const isWhole = this.#isOpened || (await store.isComplete())
    for (const [name, { identity, bytes }] of this.#isStored ? this.#small : []) {
      const slot = await this.#slot(identity, this.#storing)
      if (!slot) break
      try {
        for (let chunk = 0; chunk < slot.journal.chunks; chunk++) {
          slot.write(chunk, bytes.subarray(chunk * CHUNK_BYTES, slot.journal.endOf(chunk)))
        }
        slot.markComplete()
        slot.close()
      } catch (error) {
        slot.empty()
        await store.remove(name)
        if (!(error instanceof QuotaFull)) throw error
        this.#notStored('quota')
      }
    }
    this.#small.clear()
    await store.touch(this.#isStored && isWhole)
  }

  async #listed(signal: AbortSignal | undefined): Promise<ReadonlyMap<string, FileInfo> | undefined> {
    if (this.#offline) return undefined
    this.#listing ??= this.#remote
      .list(signal)
      .then((files) => files && new Map(files.map((file) => [file.name, file])))
    try {
      return await this.#listing
    } catch (error) {
      this.#listing = undefined
      signal?.throwIfAborted()
      await this.#goOffline(error)
      return undefined
    }
  }

  /** From here on what is stored has to do. @throws the error, where that is not the whole model */
  async #goOffline(error: unknown): Promise<void> {
    const isOurs = error instanceof HeadlightError && error.details['reason'] !== 'changed'
    if (!isOurs || !(await this.#storing?.store.isComplete())) throw error
    this.#offline = true
  }

  /**
   * A file that is stored whole and is still the same upstream. 'missing' where it is not there any more, or never was;
   * undefined where it is to be fetched.
   */
  async #stored(name: string, info: FileInfo | undefined, size: 'large' | 'small', signal: AbortSignal | undefined) {
    const stored = await this.#storing?.store.read(name)
    if (this.#offline) return stored ?? 'missing'
    if (!stored) return undefined
    const now = info ?? (await this.stat(name, signal))
    if (this.#offline) return stored
    if (!now) {
      await this.#storing?.store.remove(name)
      return 'missing'
    }
    const { version, byteLength } = stored.identity
    // A host that says no version may have changed a file without changing its size: small ones are fetched again.
    const isSame = version === now.version && (version !== undefined || size === 'large')
    return isSame && (now.byteLength ?? byteLength) === byteLength ? stored : undefined
  }

  async #whole(name: string, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
    const known = this.#small.get(name)
    if (known) return known.bytes
    const listing = await this.#listed(signal)
    const info = listing?.get(name)
    if (listing && !info) return undefined
    try {
      const stored = await this.#stored(name, info, 'small', signal)
      if (stored !== undefined) {
        return stored === 'missing' ? undefined : new Uint8Array(await stored.content.arrayBuffer())
      }
      const file = await openStream(this.#remote, name, { info, signal })
      if (!file && info) throw webPage(this.#remote, name)
      if (!file) return undefined
      const bytes = await readWhole(file)
      const version = info?.version ?? file.version
      const identity = { name, byteLength: bytes.length, version, sha256: info?.sha256 }
      if (this.#storing) this.#small.set(name, { identity, bytes })
      return bytes
    } catch (error) {
      signal?.throwIfAborted()
      await this.#goOffline(error)
      return this.#whole(name, signal)
    }
  }

  async #download(
    name: string,
    info: FileInfo | undefined,
    storing: Storing,
    signal: AbortSignal | undefined,
  ): Promise<OpenedFile | undefined> {
    const known = info ?? ((await storing.store.find(name)) ? await this.#remote.ask(name, signal) : undefined)
    let begun: Begun | undefined
    if (known?.byteLength === undefined) {
      begun = await begin(this.#remote, name, { from: 0 }, signal)
      if (!begun) return undefined
    }
    const { byteLength, version } = known?.byteLength === undefined ? begun! : known
    // Who does not say how long it is sends it compressed: nothing for a journal.
    const slot =
      byteLength === undefined
        ? undefined
        : await this.#slot({ name, byteLength, version, sha256: known?.sha256 }, storing, signal)
    if (!slot) {
      await begun?.response.body?.cancel()
      return this.#stream(name, info, 'no-storage', signal)
    }
    try {
      const missing = slot.journal.missing(0, 1)
      if (missing?.[0] !== 0) {
        await begun?.response.body?.cancel()
        begun = missing && (await begin(this.#remote, name, { from: missing[0] * CHUNK_BYTES }, signal))
      } else begun ??= await begin(this.#remote, name, { from: 0 }, signal)
      if (missing && !begun) throw webPage(this.#remote, name)
      if (begun?.byteLength !== undefined && begun.byteLength !== byteLength) {
        await begun.response.body?.cancel()
        throw changed(this.#remote, name, `has ${begun.byteLength} bytes, expected ${byteLength}`)
      }
    } catch (error) {
      slot.close()
      if (slot.journal.storedBytes === 0) await storing.store.remove(name)
      throw error
    }
    return openDownload(this.#remote, slot, {
      begun,
      signal,
      moreSpace: (halt) => this.#persist(storing, halt),
      onFull: () => this.#notStored('quota'),
      onSpoiled: () => storing.store.remove(name),
    })
  }

  async #stream(name: string, info: FileInfo | undefined, why: LoadNotice, signal: AbortSignal | undefined) {
    if (this.#storing && this.#isStored) this.#notStored(why)
    const file = await openStream(this.#remote, name, { info, signal })
    if (!file && info) throw webPage(this.#remote, name)
    return file
  }

  /** Opens a file for storing; undefined where it cannot be stored. */
  async #slot(identity: Identity, storing: Storing, signal?: AbortSignal): Promise<Slot | undefined> {
    const { store } = storing
    for (let asked = false; ; asked = true) {
      try {
        const slot = await store.open(identity)
        if (slot !== 'busy') return slot
        this.#notStored('in-use')
        return undefined
      } catch (error) {
        const isFull = error instanceof QuotaFull
        if (isFull) await store.remove(identity.name)
        if (isFull && !asked && (await this.#persist(storing, signal))) continue
        this.#notStored(isFull ? 'quota' : 'no-storage')
        return undefined
      }
    }
  }

  /** However often space runs out, a reader is asked once. */
  #persist({ persist }: Storing, signal: AbortSignal | undefined): Promise<boolean> {
    this.#persisted ??= persist()
    return unlessAborted(this.#persisted, signal)
  }

  #notStored(why: LoadNotice): void {
    this.#isStored = false
    this.#onNotStored(why)
  }
}

function fileOf({ identity, content }: { identity: Identity; content: File }): OpenedFile {
  const { name, byteLength, version } = identity
  return {
    name,
    byteLength,
    version,
    body: content.stream(),
    arrivals: (onBytes) => onBytes(byteLength, true),
  }
}

/** What is asked of a person may stay unanswered. @throws the signal's reason */
function unlessAborted<T>(coming: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal!.reason)
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop, { once: true })
    coming.then(resolve, reject).finally(() => signal?.removeEventListener('abort', stop))
  })
}
