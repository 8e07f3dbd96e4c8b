/**
 * A run as a link: all that is needed to have the same words written again, in the address's fragment, which no server
 * sees. Reading it runs nothing.
 *
 *     #run=1.<base64url of deflated JSON>
 */
import { HeadlightError } from '../../index.ts'
import type { BuiltInChoice, UrlChoice } from '../models/choice.ts'
import { LARGEST_SEED, type Manner } from '../sampling/parameters.ts'
import { fields, isCount, isRevision, readManner, readModel } from './validate.ts'

export interface SharedRun extends Manner {
  /** What the model is to continue. */
  readonly text: string
  readonly model: BuiltInChoice | UrlChoice
  /** The commit that a hub model was loaded at. */
  readonly revision?: string | undefined
  readonly seed: number
}

const PREFIX = '#run=1.'
const MOST_CHARACTERS = 32_000 // of a fragment: longer addresses are cut by chat programs and some browsers
const MOST_BYTES = 400_000 // inflated: what a small fragment can blow up to is bounded

/** @throws HeadlightError `bad-input` where the text is too long for a link: a file holds more */
export async function shareFragment(run: SharedRun): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(run))
  const packed = bytes.length > MOST_BYTES ? undefined : await through(bytes, new CompressionStream('deflate-raw'))
  const fragment = PREFIX + (packed ? toBase64url(packed) : '')
  if (packed && fragment.length <= MOST_CHARACTERS) return fragment
  const message = `The text is too long for a link, which has room for ${MOST_CHARACTERS} characters. Export it to a file.`
  throw new HeadlightError('bad-input', message, { most: MOST_CHARACTERS })
}

/**
 * The run that an address asks for, to be shown before anything of it is loaded; undefined where it asks for none.
 * @throws HeadlightError `bad-input`: a link that is cut, too large, or does not say all that a run needs
 */
export async function readShare(fragment: string): Promise<SharedRun | undefined> {
  if (!fragment.startsWith('#run=')) return undefined
  if (!fragment.startsWith(PREFIX)) throw bad('it is of a version that this page does not know')
  if (fragment.length > MOST_CHARACTERS) throw bad(`it has more than ${MOST_CHARACTERS} characters`)
  const packed = fromBase64url(fragment.slice(PREFIX.length))
  if (!packed) throw bad('it has characters that no such link has')
  let value: unknown
  try {
    const bytes = await through(packed, new DecompressionStream('deflate-raw'))
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw error instanceof HeadlightError ? error : bad('it is cut short or damaged', error)
  }
  return readRun(value)
}

function readRun(value: unknown): SharedRun {
  const { text, model, revision, values, stop, seed, json, whenFull } = fields(value)
  const choice = readModel(model)
  if (typeof text !== 'string') throw bad('it has no text')
  if (!choice || choice.kind === 'files') throw bad('it names no model that this page can load')
  if (!isCount(seed) || seed > LARGEST_SEED) throw bad('it has no seed')
  const manner = readManner(value)
  const wrong = Object.keys(fields(values)).find((name) => !(name in manner.values))
  if (wrong !== undefined) throw bad(`its ${JSON.stringify(wrong.slice(0, 40))} is not a setting, or out of range`)
  if (!Array.isArray(stop) || manner.stop.length < stop.length) throw bad('its stop strings are none')
  if (json !== undefined && manner.json === undefined) throw bad('its JSON Schema is no text')
  if (whenFull !== undefined && !manner.whenFull) throw bad('what it does when the context is full makes no sense')
  if (revision !== undefined && !isRevision(revision)) throw bad('its revision is none')
  return { text, model: choice, ...(isRevision(revision) && { revision }), ...manner, seed }
}

const bad = (found: string, cause?: unknown) =>
  new HeadlightError('bad-input', `This link cannot be opened: ${found}. Ask for it again.`, { found }, { cause })

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: GenericTransformStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  const reader = new Blob([bytes]).stream().pipeThrough<Uint8Array<ArrayBuffer>>(stream).getReader()
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    chunks.push(step.value)
    length += step.value.length
    if (length <= MOST_BYTES) continue
    await reader.cancel()
    throw bad(`it holds more than ${MOST_BYTES} bytes`)
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer())
}

function toBase64url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
  } catch {
    return undefined
  }
}
