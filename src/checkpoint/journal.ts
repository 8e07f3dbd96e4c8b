/**
 * What of a file is stored: one mark a chunk. The journal lies beside the file and starts with a line of JSON that says
 * which content the marks are about; a mark is one byte, so that writing it cannot break half-way:
 *
 *     {"headlight":1,"name":…,"byteLength":…,"version":…,"sha256":…}\n
 *     one byte a chunk (1: stored), and one more (1: the whole file is stored and checked)
 */

export const CHUNK_BYTES = 1 << 20

/** Which content: a file with another identity is another file. */
export interface Identity {
  readonly name: string
  readonly byteLength: number
  readonly version: string | undefined
  readonly sha256: string | undefined
}

const MARK = 1
/** Of the layout above. */
const FORMAT = 1
const MAX_LINE_BYTES = 16_384
const MAX_FILE_BYTES = 2 ** 44 // far above any file of weights; marks of it would take 16 MB

export class Journal {
  readonly identity: Identity
  readonly chunks: number
  /** Bytes of the line of JSON: where the marks begin. */
  readonly marksAt: number
  readonly #line: Uint8Array
  readonly #marks: Uint8Array

  /** A file of which nothing is stored. */
  static fresh(identity: Identity): Journal {
    const line = new TextEncoder().encode(`${JSON.stringify({ headlight: FORMAT, ...identity })}\n`)
    return new Journal(identity, line, new Uint8Array(chunksOf(identity.byteLength) + 1))
  }

  /** Undefined for bytes that are no journal: one that was never finished. Marks that are missing are not set. */
  static parse(bytes: Uint8Array): Journal | undefined {
    const end = bytes.subarray(0, MAX_LINE_BYTES).indexOf(0x0a) + 1
    const identity = end > 0 ? parseLine(new TextDecoder().decode(bytes.subarray(0, end))) : undefined
    if (!identity) return undefined
    const marks = new Uint8Array(chunksOf(identity.byteLength) + 1)
    marks.set(bytes.subarray(end, end + marks.length))
    return new Journal(identity, bytes.slice(0, end), marks)
  }

  private constructor(identity: Identity, line: Uint8Array, marks: Uint8Array) {
    this.identity = identity
    this.chunks = marks.length - 1
    this.marksAt = line.length
    this.#line = line
    this.#marks = marks
  }

  /** As it lies on disk. */
  get bytes(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#line.length + this.#marks.length)
    bytes.set(this.#line)
    bytes.set(this.#marks, this.#line.length)
    return bytes
  }

  has(chunk: number): boolean {
    return this.#marks[chunk] === MARK
  }

  /** @returns where the byte of this mark lies, and the byte */
  mark(chunk: number): { at: number; byte: Uint8Array<ArrayBuffer> } {
    this.#marks[chunk] = MARK
    return { at: this.marksAt + chunk, byte: Uint8Array.of(MARK) }
  }

  /** Every chunk is stored and the whole was checked. */
  get isComplete(): boolean {
    return this.has(this.chunks)
  }

  markComplete(): { at: number; byte: Uint8Array<ArrayBuffer> } {
    return this.mark(this.chunks)
  }

  get storedBytes(): number {
    let bytes = 0
    for (let chunk = 0; chunk < this.chunks; chunk++) {
      if (this.has(chunk)) bytes += this.endOf(chunk) - chunk * CHUNK_BYTES
    }
    return bytes
  }

  /** First byte behind a chunk. */
  endOf(chunk: number): number {
    return Math.min((chunk + 1) * CHUNK_BYTES, this.identity.byteLength)
  }

  /**
   * The first chunks in a row, from `from` on, of which none is stored: at most `most`. Undefined where none is missing.
   * @returns first, and the one behind the last
   */
  missing(from: number, most: number): readonly [first: number, end: number] | undefined {
    let first = from
    while (first < this.chunks && this.has(first)) first++
    if (first >= this.chunks) return undefined
    let end = first + 1
    while (end < this.chunks && end - first < most && !this.has(end)) end++
    return [first, end]
  }
}

/**
 * Whether what is stored may be gone on with. Without a version nobody knows that it is still the same file, unless its
 * hash is known, by which the whole is checked in the end.
 */
export function isSame(stored: Identity, now: Identity): boolean {
  return (
    stored.byteLength === now.byteLength &&
    stored.sha256 === now.sha256 &&
    stored.version === now.version &&
    (now.version !== undefined || now.sha256 !== undefined)
  )
}

const chunksOf = (byteLength: number) => Math.ceil(byteLength / CHUNK_BYTES)

function parseLine(line: string): Identity | undefined {
  let found: unknown
  try {
    found = JSON.parse(line)
  } catch {
    return undefined
  }
  const { headlight, name, byteLength, version, sha256 } = (found ?? {}) as Record<string, unknown>
  const isText = (value: unknown) => value === undefined || typeof value === 'string'
  if (headlight !== FORMAT || typeof name !== 'string' || !isText(version) || !isText(sha256)) return undefined
  if (!Number.isSafeInteger(byteLength) || (byteLength as number) < 0 || (byteLength as number) > MAX_FILE_BYTES) {
    return undefined
  }
  return { name, byteLength, version, sha256 } as Identity
}
