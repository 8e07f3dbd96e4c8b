/** What went wrong, as a name that a program can branch on and the page can translate. */
export type ErrorCode =
  | 'no-webgpu' // this browser, or this process, has no WebGPU or no adapter
  | 'device-lost' // the GPU went away while in use
  | 'too-large' // a tensor or a cache does not fit what this device can bind or hold
  | 'missing-file' // a file that the model needs is not there
  | 'network' // a file could not be fetched
  | 'no-access' // the hub wants a token, or terms to be accepted first
  | 'truncated-file' // a file ended before its header said it would
  | 'bad-file' // a file is not what its name says: not JSON, not safetensors, a header that lies
  | 'bad-weights' // a tensor is missing, or has another shape or type than the config asks for
  | 'unsupported' // a model type, activation, scaling or number type that Headlight does not know
  | 'no-tokenizer' // text was given to, or asked of, a model that came without tokenizer files
  | 'bad-input' // an argument that makes no sense: an id outside the vocabulary, a negative temperature
  | 'context-full' // the prompt leaves no room in the model's context
  | 'not-finite' // the model produced NaN or infinity
  | 'destroyed' // used after destroy()

/** Facts for a translated message: file and tensor names, what was found, what was expected. */
export type ErrorDetails = Readonly<Record<string, string | number>>

/**
 * Every error that Headlight throws on purpose. `message` is complete English: what was found, what
 * was expected, what to do. `details` holds the same facts for a page that words them itself. Both quote
 * files that may hold anything: what is too long to be read is cut.
 */
export class HeadlightError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(cut(message, MOST_LETTERS), options)
    this.name = 'HeadlightError'
    this.code = code
    this.details = Object.fromEntries(
      Object.entries(details).map(([fact, value]) => [
        fact,
        typeof value === 'string' ? cut(value, MOST_LETTERS) : value,
      ]),
    )
  }
}

const MOST_LETTERS = 2000

/** A value of a file for a message: as JSON, but for what is long or lies deep. */
export function spell(value: unknown): string {
  return cut(shallow(value, 2) ?? 'missing', MOST_SPELLED)
}

const MOST_SPELLED = 80
const MOST_ITEMS = 40

function shallow(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MOST_SPELLED))
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const items = Array.from({ length: Math.min((value as ArrayLike<unknown>).length, MOST_ITEMS) }, (_, i) =>
      depth === 0 ? '…' : (shallow((value as ArrayLike<unknown>)[i], depth - 1) ?? 'null'),
    )
    return `[${items.join(',')}]`
  }
  const fields = Object.entries(value).slice(0, MOST_ITEMS)
  const inner = fields.map(([name, each]) => `${shallow(name, 0)}:${depth === 0 ? '…' : shallow(each, depth - 1)}`)
  return `{${inner.join(',')}}`
}

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text)
