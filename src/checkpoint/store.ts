/**
 * Models stored in this browser (OPFS): a directory each, under the site's own. In it
 *
 *     model.json          the source and a name, for lists
 *     used                when it was last loaded
 *     complete            there once a load had all it needed: what is not here does not exist
 *     data.<file>         bytes of a file …
 *     journal.<file>      … and which of them are good (journal.ts)
 *
 * Reading works in every thread, writing in workers only. Where there is no OPFS (private windows), there is no store.
 */
import { HeadlightError } from '../errors.ts'
import { directory, file, keyOf, openSync } from './directory.ts'
import { type Identity, Journal } from './journal.ts'
import { Slot } from './slot.ts'

const ROOT = 'headlight-models'
const MODEL = 'model.json'
const USED = 'used'
const COMPLETE = 'complete'

/** What of a file is stored. */
export interface StoredFile {
  readonly identity: Identity
  readonly storedBytes: number
  readonly isComplete: boolean
}

export interface StoredDirectory {
  /** As `sourceText` has it. */
  readonly source: string
  readonly name: string
  readonly files: readonly StoredFile[]
  readonly isComplete: boolean
  /** Milliseconds since 1970; 0 where it is not known. */
  readonly lastUsed: number
  /** Begins with the call: a page that goes away has no time for more. @throws as `deleteModel` */
  readonly remove: () => Promise<void>
}

/** The root of the site's files; undefined where the browser gives none. */
export async function siteFiles(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    return await globalThis.navigator?.storage?.getDirectory?.()
  } catch {
    return undefined // private windows of Firefox and Safari
  }
}

/** Whether this thread may write: workers only. */
export const canWrite = (): boolean =>
  globalThis.FileSystemFileHandle !== undefined && 'createSyncAccessHandle' in FileSystemFileHandle.prototype

export async function listModels(root: FileSystemDirectoryHandle): Promise<StoredDirectory[]> {
  const models = await directory(root, ROOT)
  if (!models) return []
  const found: StoredDirectory[] = []
  for await (const [key, entry] of models.entries()) {
    const model = entry.kind === 'directory' ? await describeModel(entry as FileSystemDirectoryHandle) : undefined
    if (model) found.push({ ...model, remove: () => removeModel(models, key, model.source) })
  }
  return found.sort((a, b) => b.lastUsed - a.lastUsed)
}

/** @throws HeadlightError `bad-input` while it is being loaded */
export async function deleteModel(root: FileSystemDirectoryHandle, source: string): Promise<void> {
  const models = await directory(root, ROOT)
  if (models) await removeModel(models, await keyOf(source), source)
}

function removeModel(models: FileSystemDirectoryHandle, key: string, source: string): Promise<void> {
  return models.removeEntry(key, { recursive: true }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'NotFoundError') return // gone already
    const message = `${source} is being loaded, perhaps in another tab: wait until it is there, or cancel it`
    throw new HeadlightError('bad-input', message, { option: 'source', found: source, reason: 'in-use' }, { cause })
  })
}

async function describeModel(handle: FileSystemDirectoryHandle): Promise<Omit<StoredDirectory, 'remove'> | undefined> {
  const model = await readModel(handle)
  if (!model) return undefined
  const files: StoredFile[] = []
  for await (const name of handle.keys()) {
    const stored = name.startsWith('journal.') ? await readJournal(handle, name) : undefined
    if (stored) files.push(stored)
  }
  return {
    ...model,
    files: files.sort((a, b) => (a.identity.name < b.identity.name ? -1 : 1)),
    isComplete: (await file(handle, COMPLETE)) !== undefined,
    lastUsed: Number(await (await file(handle, USED))?.text()) || 0,
  }
}

async function readModel(handle: FileSystemDirectoryHandle): Promise<{ source: string; name: string } | undefined> {
  try {
    const { source, name } = JSON.parse((await (await file(handle, MODEL))?.text()) ?? '') as Record<string, unknown>
    return typeof source === 'string' && typeof name === 'string' ? { source, name } : undefined
  } catch {
    return undefined // never finished
  }
}

async function readJournal(handle: FileSystemDirectoryHandle, name: string): Promise<StoredFile | undefined> {
  const content = await file(handle, name)
  const journal = content && Journal.parse(new Uint8Array(await content.arrayBuffer()))
  if (!journal) return undefined
  const { identity, storedBytes, isComplete } = journal
  return { identity, storedBytes, isComplete }
}

/** The files of one model. */
export class ModelStore {
  readonly #root: FileSystemDirectoryHandle
  readonly #source: string
  readonly #name: string
  /** Set by the first that needs it: a model of which nothing is stored leaves no directory behind. */
  #directory: Promise<FileSystemDirectoryHandle> | undefined

  constructor(root: FileSystemDirectoryHandle, source: string, name: string) {
    this.#root = root
    this.#source = source
    this.#name = name
  }

  async find(name: string): Promise<StoredFile | undefined> {
    const handle = await this.#existing()
    return handle && readJournal(handle, journalName(name))
  }

  async files(): Promise<readonly StoredFile[]> {
    const handle = await this.#existing()
    return (handle && (await describeModel(handle))?.files) ?? []
  }

  async isComplete(): Promise<boolean> {
    const handle = await this.#existing()
    return handle !== undefined && (await file(handle, COMPLETE)) !== undefined
  }

  /** The bytes of a complete file; undefined where there is none. */
  async read(name: string): Promise<{ identity: Identity; content: File } | undefined> {
    const handle = await this.#existing()
    const stored = handle && (await readJournal(handle, journalName(name)))
    const content = stored?.isComplete ? await file(handle!, dataName(name)) : undefined
    return content?.size === stored?.identity.byteLength
      ? content && { identity: stored!.identity, content }
      : undefined
  }

  /**
   * Opens a file for storing, where nobody else has.
   * @param isNeeded false for a file that the model can do without
   * @returns 'busy' while it is open elsewhere, in another tab
   * @throws QuotaFull
   */
  async open(identity: Identity, isNeeded = true): Promise<Slot | 'busy'> {
    const handle = await this.#made()
    if (isNeeded) await handle.removeEntry(COMPLETE).catch(() => undefined) // until the next load has all it needs
    const data = await openSync(handle, dataName(identity.name))
    if (!data) return 'busy'
    const marks = await openSync(handle, journalName(identity.name))
    if (marks) return Slot.open(data, marks, identity)
    data.close()
    return 'busy'
  }

  /** What is stored is of no use any more. */
  async remove(name: string, isNeeded = true): Promise<void> {
    const handle = await this.#existing()
    if (!handle) return
    for (const each of [...(isNeeded ? [COMPLETE] : []), journalName(name), dataName(name)]) {
      await handle.removeEntry(each).catch(() => undefined) // not there, or open elsewhere
    }
    for await (const left of handle.keys()) if (left.startsWith('journal.')) return
    this.#directory = undefined
    const models = await directory(this.#root, ROOT)
    await models?.removeEntry(handle.name, { recursive: true }).catch(() => undefined)
  }

  /** Notes that the model is in use; `complete`: all that it needs is stored. */
  async touch(complete: boolean): Promise<void> {
    const handle = await this.#existing()
    if (!handle) return
    await writeText(handle, USED, `${Date.now()}`)
    if (complete) await writeText(handle, COMPLETE, '')
  }

  async #existing(): Promise<FileSystemDirectoryHandle | undefined> {
    if (this.#directory) return this.#directory
    const models = await directory(this.#root, ROOT)
    return models && directory(models, await keyOf(this.#source))
  }

  #made(): Promise<FileSystemDirectoryHandle> {
    this.#directory ??= (async () => {
      const models = await this.#root.getDirectoryHandle(ROOT, { create: true })
      const handle = await models.getDirectoryHandle(await keyOf(this.#source), { create: true })
      if (!(await readModel(handle))) {
        await writeText(handle, MODEL, JSON.stringify({ source: this.#source, name: this.#name }))
      }
      return handle
    })()
    return this.#directory
  }
}

const dataName = (name: string) => `data.${encodeURIComponent(name)}`
const journalName = (name: string) => `journal.${encodeURIComponent(name)}`

async function writeText(parent: FileSystemDirectoryHandle, name: string, text: string): Promise<void> {
  const open = await openSync(parent, name)
  if (!open) return
  const bytes = new TextEncoder().encode(text)
  open.truncate(0)
  open.write(bytes, { at: 0 })
  open.flush()
  open.close()
}
