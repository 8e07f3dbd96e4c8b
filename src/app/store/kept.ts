/** What survives a reload, and how it is read back: nothing that storage holds is taken on trust. */
import { type Language, languages } from '../i18n/language.ts'
import { startingWith } from '../manuscript/history.ts'
import type { Ending, Manuscript, Span } from '../manuscript/manuscript.ts'
import { type BuiltInId, builtIns, type DeskId } from '../models/built-in.ts'
import { precisions } from '../models/choice.ts'
import { readHubAddress } from '../models/hub/hub-address.ts'
import { LARGEST_SEED, nothingChosen, parameters, type SamplingChoice } from '../sampling/parameters.ts'
import type { AppState } from './app.ts'
import type { RecentModel } from './models.ts'
import type { Theme } from './settings.ts'

export interface Kept {
  readonly texts: Readonly<Partial<Record<DeskId, Manuscript>>>
  readonly language: Language
  readonly theme: Theme
  readonly builtIn: BuiltInId
  readonly sampling: SamplingChoice
  /** Base URL. The token that goes with it is never kept. */
  readonly hub: string
  readonly recent: readonly RecentModel[]
}

export const keep = ({ desks, language, theme, builtIn, sampling, hub, recent }: AppState): Kept => ({
  texts: { stories: desks.stories.now, poems: desks.poems.now, other: desks.other.now },
  language,
  theme,
  builtIn,
  sampling,
  hub,
  recent,
})

type Fields = Readonly<Record<string, unknown>>
const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const oneOf = <T extends string>(value: unknown, known: readonly T[]): T | undefined => known.find((k) => k === value)
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

const THEMES: readonly Theme[] = ['system', 'light', 'dark']
const ENDINGS: readonly Ending[] = ['end-of-text', 'max-tokens', 'stop', 'context-full', 'stopped', 'failed']

/** `state` with what `stored` holds of it, as far as it makes sense. */
export function restore(stored: unknown, state: AppState): AppState {
  const { texts, language, theme, builtIn, sampling, hub, recent } = fields(stored)
  const desks = { ...state.desks }
  for (const desk of ['stories', 'poems', 'other'] as const) {
    const manuscript = readManuscript(fields(texts)[desk])
    if (manuscript) desks[desk] = startingWith(manuscript)
  }
  const model = oneOf(builtIn, Object.keys(builtIns) as BuiltInId[]) ?? state.builtIn
  return {
    ...state,
    desks,
    language: oneOf(language, languages) ?? state.language,
    theme: oneOf(theme, THEMES) ?? state.theme,
    builtIn: model,
    model: { kind: 'built-in', id: model },
    desk: model,
    sampling: readSampling(sampling),
    hub: readHub(hub) ?? state.hub,
    recent: list(recent).flatMap(readRecent),
  }
}

function readHub(value: unknown): string | undefined {
  const address = typeof value === 'string' ? readHubAddress(value) : undefined
  return address && 'url' in address ? address.url : undefined
}

function readRecent(value: unknown): RecentModel[] {
  const { source, name, bytes, weights } = fields(value)
  if (typeof source !== 'string' || typeof name !== 'string' || !isCount(bytes)) return []
  const precision = oneOf(weights, precisions)
  return [{ source, name, bytes, ...(precision && { weights: precision }) }]
}

function readManuscript(value: unknown): Manuscript | undefined {
  const { text, written, last } = fields(value)
  if (typeof text !== 'string') return undefined
  const spans: Span[] = []
  for (const span of list(written)) {
    const { start, end } = fields(span)
    if (!isCount(start) || !isCount(end) || end <= start || end > text.length) return { text, written: [] }
    if (start < (spans.at(-1)?.end ?? 0)) return { text, written: [] }
    spans.push({ start, end })
  }
  const { start, tokens, seed, ending, pastEnd } = fields(last)
  if (!isCount(start) || start > text.length || !isCount(tokens) || !isCount(seed)) return { text, written: spans }
  // A reload while the model wrote has stopped it.
  const continuation = { start, tokens, seed, pastEnd: pastEnd === true, ending: oneOf(ending, ENDINGS) ?? 'stopped' }
  return { text, written: spans, last: continuation }
}

function readSampling(value: unknown): SamplingChoice {
  const { values, seed, stop } = fields(value)
  const numbers: Record<string, number> = {}
  for (const { name, min, most } of parameters) {
    const number = fields(values)[name]
    if (typeof number === 'number' && number >= min && number <= most) numbers[name] = number
  }
  return {
    ...nothingChosen,
    values: numbers,
    ...(isCount(seed) && seed <= LARGEST_SEED && { seed }),
    stop: list(stop).filter((line): line is string => typeof line === 'string' && line !== ''),
  }
}
