/** What was made from a model's files, stored beside them: it makes the next load quicker, and any load can do without. */
import type { Identity } from './journal.ts'
import type { Slot } from './slot.ts'
import type { ModelStore } from './store.ts'

export class Derived {
  readonly #store: ModelStore
  /** False where this thread can only read. */
  readonly #canWrite: boolean

  constructor(store: ModelStore, canWrite: boolean) {
    this.#store = store
    this.#canWrite = canWrite
  }

  /** Undefined where none of this version is there, whole. */
  async read(name: string, version: string): Promise<File | undefined> {
    const found = await this.#store.read(name)
    return found?.identity.version === version ? found.content : undefined
  }

  /** Opens one for writing; undefined where that cannot be, or it is being written elsewhere. @throws QuotaFull */
  async open(identity: Pick<Identity, 'name' | 'byteLength' | 'version'>): Promise<Slot | undefined> {
    if (!this.#canWrite) return undefined
    const slot = await this.#store.open({ ...identity, sha256: undefined }, false)
    return slot === 'busy' ? undefined : slot
  }

  async remove(name: string): Promise<void> {
    if (this.#canWrite) await this.#store.remove(name, false)
  }
}
