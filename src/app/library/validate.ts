/**
 * Reads what storage, a file or another tab holds: nothing of it is taken on trust. A record that makes no sense is
 * undefined; in one that does, a field that makes none is left out where it can be.
 */
import type { Ending, Span } from '../manuscript/manuscript.ts'
import { type BuiltInId, builtIns } from '../models/built-in.ts'
import { type KeptModel, precisions } from '../models/choice.ts'
import {
  LARGEST_SEED,
  type Manner,
  type ParameterName,
  parameters,
  type SamplingChoice,
  type Values,
  type WhenFull,
} from '../sampling/parameters.ts'
import type { EditNode } from './edit-tree.ts'
import type { Place } from './entry.ts'
import type { Item } from './item.ts'
import type { Run } from './run.ts'
import type { TurnNode } from './turn-tree.ts'

type Fields = Readonly<Record<string, unknown>>

export const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const oneOf = <T extends string>(value: unknown, known: readonly T[]): T | undefined =>
  known.find((k) => k === value)
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
export const isId = (value: unknown): value is string => typeof value === 'string' && /^[\w-]{1,64}$/.test(value)
export const isRevision = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w./-]{1,200}$/.test(value)
export const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const ENDINGS: readonly Ending[] = ['end-of-text', 'max-tokens', 'stop', 'context-full', 'stopped', 'failed']
const LONGEST_URL = 2000 // far above any real one

/** A built-in model, one of the hub, an address on the web (nothing that could run as a script), or files by name. */
export function readModel(value: unknown): KeptModel | undefined {
  const { kind, id, url, weights, name } = fields(value)
  const builtIn = oneOf(id, Object.keys(builtIns) as BuiltInId[])
  const precision = oneOf(weights, precisions)
  if (kind === 'files') return typeof name === 'string' && name !== '' ? { kind, name } : undefined
  if (kind === 'built-in') return builtIn && { kind, id: builtIn, ...(precision && { weights: precision }) }
  if (kind !== 'url' || typeof url !== 'string' || url === '' || url.length > LONGEST_URL) return undefined
  try {
    const { protocol } = new URL(url, 'https://page.invalid/')
    return protocol === 'https:' || protocol === 'http:'
      ? { kind, url, ...(precision && { weights: precision }) }
      : undefined
  } catch {
    return undefined
  }
}

function readValues(value: unknown): Values {
  const numbers: Partial<Record<ParameterName, number>> = {}
  for (const { name, min, most } of parameters) {
    const number = fields(value)[name]
    if (typeof number === 'number' && number >= min && number <= most) numbers[name] = number
  }
  return numbers
}

const readStop = (value: unknown): string[] =>
  list(value).filter((line): line is string => typeof line === 'string' && line !== '')

function readWhenFull(value: unknown): WhenFull | undefined {
  const { keep, summary } = fields(value)
  const { words, covers } = fields(summary)
  if (value === 'stop') return value
  if (!isCount(keep)) return undefined
  return { keep, ...(typeof words === 'string' && isCount(covers) && { summary: { words, covers } }) }
}

/** What of `value` is about how a text is written. */
export function readManner(value: unknown): Manner {
  const { values, stop, json, whenFull, endless } = fields(value)
  const known = readWhenFull(whenFull)
  return {
    values: readValues(values),
    stop: readStop(stop),
    ...(typeof json === 'string' && { json }),
    ...(known && { whenFull: known }),
    ...(endless === true && { endless }),
  }
}

export function readSampling(value: unknown): SamplingChoice {
  const { seed } = fields(value)
  return { ...readManner(value), ...(isCount(seed) && seed <= LARGEST_SEED && { seed }) }
}

export function readItem(value: unknown): Item | undefined {
  const { id, kind, title, beginning, created, changed, pinned, folder, model, sampling, system, trashed } =
    fields(value)
  const known = oneOf(kind, ['text', 'chat'] as const)
  if (!isId(id) || !known || !isCount(created) || !isCount(changed)) return undefined
  const choice = readModel(model)
  return {
    id,
    kind: known,
    title: wordsOf(title),
    beginning: wordsOf(beginning),
    created,
    changed,
    pinned: pinned === true,
    folder: wordsOf(folder),
    ...(choice && { model: choice }),
    sampling: readSampling(sampling),
    system: wordsOf(system),
    ...(isCount(trashed) && { trashed }),
  }
}

/** In order, apart from each other, none of them empty, within `length` characters; none if one of them is not. */
export function readSpans(value: unknown, length: number): Span[] {
  const spans: Span[] = []
  for (const span of list(value)) {
    const { start, end } = fields(span)
    if (!isCount(start) || !isCount(end) || end <= start || end > length) return []
    if (start < (spans.at(-1)?.end ?? 0)) return []
    spans.push({ start, end })
  }
  return spans
}

export const readEnding = (value: unknown): Ending | undefined => oneOf(value, ENDINGS)

function readRun(value: unknown): Run | undefined {
  const { model, revision, seed, tokens, pastEnd, ending, error } = fields(value)
  if (!isCount(seed) || !isCount(tokens)) return undefined
  const choice = readModel(model)
  const known = readEnding(ending)
  return {
    ...(choice && { model: choice }),
    ...(isRevision(revision) && { revision }),
    ...readManner(value),
    seed,
    tokens,
    pastEnd: pastEnd === true,
    ...(known && { ending: known }),
    ...(typeof error === 'string' && { error }),
  }
}

/** What both kinds of nodes have. */
function readStem(value: unknown) {
  const { id, at, parent, name, removed } = fields(value)
  if (!isId(id) || !isCount(at) || (parent !== undefined && !isId(parent))) return undefined
  return {
    id,
    at,
    parent,
    ...(typeof name === 'string' && name !== '' && { name }),
    ...(isCount(removed) && parent !== undefined && { removed }),
  }
}

export function readEditNode(value: unknown): EditNode | undefined {
  const stem = readStem(value)
  const { edit, by, typed, run, written } = fields(value)
  const { start, removed, inserted } = fields(edit)
  const author = oneOf(by, ['reader', 'model'] as const)
  if (!stem || !author || !isCount(start) || !isCount(removed) || typeof inserted !== 'string') return undefined
  const known = readRun(run)
  const spans = stem.parent === undefined ? readSpans(written, inserted.length) : []
  return {
    ...stem,
    edit: { start, removed, inserted },
    by: author,
    ...(isCount(typed) && { typed }),
    ...(known && { run: known }),
    ...(spans.length > 0 && { written: spans }),
  }
}

export function readTurnNode(value: unknown): TurnNode | undefined {
  const stem = readStem(value)
  const { role, content, thinking, thought, run } = fields(value)
  const { tokens, ms } = fields(thought)
  const known = oneOf(role, ['root', 'user', 'assistant'] as const)
  if (!stem || !known || typeof content !== 'string') return undefined
  if ((known === 'root') !== (stem.parent === undefined)) return undefined
  const written = readRun(run)
  return {
    ...stem,
    role: known,
    content,
    ...(typeof thinking === 'string' && thinking !== '' && { thinking }),
    ...(isCount(tokens) && isCount(ms) && { thought: { tokens, ms } }),
    ...(written && { run: written }),
  }
}

export function readPlace(value: unknown): Place | undefined {
  const { current, visited } = fields(value)
  if (!isId(current)) return undefined
  const pairs = list(visited).map((pair) => list(pair))
  return {
    current,
    visited: pairs.flatMap(([parent, child]) => (isId(parent) && isId(child) ? [[parent, child]] : [])),
  }
}
