/**
 * What models made of texts that they read (their keys and values), in this browser: so that none is read again. A file
 * each, in a directory for each model, under the site's own:
 *
 *     pieces     `Saved.byteLength` bytes; of each `pieceBytes` of them the JSON has a hash
 *     JSON       `Saved`
 *     tail       when it was last used (16 digits), bytes of the JSON (12 digits), its SHA-256 (64)
 *
 * The tail is cut off before anything else changes, and written last: what has no tail that fits was never finished, and
 * is none. Reading works in every thread, writing in workers only.
 */
import { directory, keyOf, openSync } from './directory.ts'
import { hashOf } from './hash.ts'
import { canWrite } from './store.ts'

const ROOT = 'headlight-texts'
const FORMAT = 1
const USED_DIGITS = 16
const LENGTH_DIGITS = 12
const TAIL_BYTES = USED_DIGITS + LENGTH_DIGITS + 64
const MAX_JSON_BYTES = 64 << 20 // far above that of any text

/** More are not kept, nor more bytes of all together; those that were used longest ago go first. */
const MOST_TEXTS = 8
const MOST_BYTES = 512 << 20
/** Of what the browser has left for this site, the part that texts may take. */
const FREE_SHARE = 1 / 4

export interface Saved {
  /** Its name. */
  readonly text: string
  /** As `sourceText` has it, and how lists name it. */
  readonly source: string
  readonly model: string
  /** Differs where the same tokens give other bytes. */
  readonly made: string
  readonly tokens: readonly number[]
  readonly byteLength: number
  readonly pieceBytes: number
}

interface Header extends Saved {
  readonly format: number
  /** SHA-256 of each piece. Hexadecimal. */
  readonly hashes: readonly string[]
}

/** A text that is stored. */
export interface SavedFile extends Header {
  /** Milliseconds since 1970. */
  readonly lastUsed: number
  readonly content: File
  readonly remove: () => Promise<void>
}

export class TextStore {
  readonly #root: FileSystemDirectoryHandle
  readonly source: string
  readonly model: string
  readonly #canWrite: boolean
  readonly #most: (taken: number) => Promise<number>

  /** @param most bytes that all texts may take, given those that they take now; by default a share of what is free */
  constructor(
    root: FileSystemDirectoryHandle,
    { source, model }: Pick<Saved, 'source' | 'model'>,
    most = mostBytes,
    writes = canWrite(),
  ) {
    this.#root = root
    this.source = source
    this.model = model
    this.#most = most
    this.#canWrite = writes
  }

  /** Undefined where none is there, or one that was never finished. */
  async read(text: string): Promise<SavedFile | undefined> {
    const models = await directory(this.#root, ROOT)
    const handle = models && (await directory(models, await keyOf(this.source)))
    return handle && readFile(handle, await keyOf(text))
  }

  /**
   * Writes a text; pieces that an earlier file of it begins with stay.
   * @param pieces those from one on, each good until the next is asked for
   * @throws what `pieces` throws, or the file system; nothing of the text is left then
   * @returns whether it is there: not where it is open in another tab, or where there is no room for it
   */
  async write(saved: Saved, pieces: (from: number) => AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<boolean> {
    if (!this.#canWrite || !(await this.#makeRoom(saved))) return false
    const before = await this.read(saved.text)
    const hashes = before ? sharedPieces(before, saved) : []
    const models = await this.#root.getDirectoryHandle(ROOT, { create: true })
    const handle = await models.getDirectoryHandle(await keyOf(saved.source), { create: true })
    const key = await keyOf(saved.text)
    const open = await openSync(handle, key)
    if (!open) return false
    let at = hashes.length * saved.pieceBytes
    let isWhole = false
    const append = (bytes: Uint8Array) => {
      if (open.write(bytes, { at }) !== bytes.length) throw new Error(`no room for byte ${at}`)
      at += bytes.length
    }
    try {
      open.truncate(at)
      open.flush()
      for await (const piece of pieces(hashes.length)) {
        hashes.push(await hashOf(piece))
        append(piece)
      }
      open.flush()
      const json = encode(saved, hashes)
      append(json)
      append(new TextEncoder().encode(digitsOf(Date.now()) + `${json.length}`.padStart(LENGTH_DIGITS)))
      append(new TextEncoder().encode(await hashOf(json)))
      open.flush()
      isWhole = true
    } finally {
      open.close()
      if (!isWhole) await handle.removeEntry(key).catch(() => undefined)
    }
    return true
  }

  /** Notes that a text is in use. */
  async touch({ text, source, content }: SavedFile): Promise<void> {
    const models = this.#canWrite ? await directory(this.#root, ROOT) : undefined
    const handle = models && (await directory(models, await keyOf(source)))
    const open = handle && (await openSync(handle, await keyOf(text)))
    if (open?.getSize() === content.size) {
      open.write(new TextEncoder().encode(digitsOf(Date.now())), { at: content.size - TAIL_BYTES })
    }
    open?.close()
  }

  /** What is not finished goes, and texts that were used longest ago, as far as this one needs their place. */
  async #makeRoom(saved: Saved): Promise<boolean> {
    const { text, source, byteLength, pieceBytes } = saved
    const blank = Array.from({ length: Math.ceil(byteLength / pieceBytes) }, () => '0'.repeat(64))
    let bytes = byteLength + encode(saved, blank).length + TAIL_BYTES
    const texts = await listTexts(this.#root, true)
    const most = await this.#most(texts.reduce((sum, { content }) => sum + content.size, 0))
    if (bytes > most) return false
    let kept = 1
    for (const each of texts) {
      if (each.text === text && each.source === source) continue
      kept++
      bytes += each.content.size
      if (kept > MOST_TEXTS || bytes > most) await each.remove()
    }
    return true
  }
}

/** Last used first. @param clean removes what is not finished */
export async function listTexts(root: FileSystemDirectoryHandle, clean = false): Promise<SavedFile[]> {
  const models = await directory(root, ROOT)
  if (!models) return []
  const found: SavedFile[] = []
  for await (const [, entry] of models.entries()) {
    if (entry.kind !== 'directory') continue
    const handle = entry as FileSystemDirectoryHandle
    for await (const key of handle.keys()) {
      const stored = await readFile(handle, key)
      if (stored) found.push(stored)
      else if (clean) await handle.removeEntry(key).catch(() => undefined) // open: another tab is writing it
    }
  }
  return found.sort((a, b) => b.lastUsed - a.lastUsed)
}

/** Of all models: these texts, or all; less what another tab is writing. */
export async function deleteTexts(root: FileSystemDirectoryHandle, texts?: readonly string[]): Promise<void> {
  const models = await directory(root, ROOT)
  if (!models) return
  const keys = texts && (await Promise.all(texts.map(keyOf)))
  for await (const [, entry] of models.entries()) {
    if (entry.kind !== 'directory') continue
    const handle = entry as FileSystemDirectoryHandle
    for await (const key of keys ?? handle.keys()) await handle.removeEntry(key).catch(() => undefined)
  }
}

/** All texts of a model. */
export async function deleteTextsOf(root: FileSystemDirectoryHandle, source: string): Promise<void> {
  const models = await directory(root, ROOT)
  await models?.removeEntry(await keyOf(source), { recursive: true }).catch(() => undefined) // none, or being written
}

async function readFile(handle: FileSystemDirectoryHandle, key: string): Promise<SavedFile | undefined> {
  try {
    const content = await (await handle.getFileHandle(key)).getFile()
    const tail = await content.slice(-TAIL_BYTES).text()
    const lastUsed = Number(tail.slice(0, USED_DIGITS))
    const length = Number(tail.slice(USED_DIGITS, USED_DIGITS + LENGTH_DIGITS))
    const end = content.size - TAIL_BYTES
    if (!(length > 0 && length <= Math.min(end, MAX_JSON_BYTES))) return undefined
    const json = await content.slice(end - length, end).arrayBuffer()
    if ((await hashOf(new Uint8Array(json))) !== tail.slice(USED_DIGITS + LENGTH_DIGITS)) return undefined
    const header = JSON.parse(new TextDecoder().decode(json)) as Header
    if (header.format !== FORMAT || header.byteLength !== end - length) return undefined
    return { ...header, lastUsed, content, remove: () => handle.removeEntry(key).catch(() => undefined) }
  } catch {
    return undefined // not there, or not readable
  }
}

/** Hashes of the pieces that two texts have in common: whole ones, of the tokens that they both begin with. */
function sharedPieces(before: Header, now: Saved): string[] {
  if (before.made !== now.made || before.pieceBytes !== now.pieceBytes) return []
  const most = Math.min(before.tokens.length, now.tokens.length)
  let shared = 0
  while (shared < most && before.tokens[shared] === now.tokens[shared]) shared++
  const bytesPerToken = now.byteLength / now.tokens.length
  return before.hashes.slice(0, Math.floor((shared * bytesPerToken) / now.pieceBytes))
}

async function mostBytes(taken: number): Promise<number> {
  const { usage, quota } = (await globalThis.navigator?.storage?.estimate?.().catch(() => undefined)) ?? {}
  if (usage === undefined || quota === undefined) return MOST_BYTES
  return Math.min(MOST_BYTES, FREE_SHARE * Math.max(0, quota - usage + taken))
}

const encode = (saved: Saved, hashes: readonly string[]): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify({ ...saved, format: FORMAT, hashes }))

const digitsOf = (time: number) => `${time}`.padStart(USED_DIGITS)
