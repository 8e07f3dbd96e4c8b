/** What survives a reload, and how it is read back: nothing that storage holds is taken on trust. */
import { type Language, languages } from '../i18n/language.ts'
import type { ItemId } from '../library/item.ts'
import { fields, isCount, isId, list, oneOf, readSampling } from '../library/validate.ts'
import { type BuiltInId, builtIns } from '../models/built-in.ts'
import { precisions } from '../models/choice.ts'
import { readHubAddress } from '../models/hub/hub-address.ts'
import type { SamplingChoice } from '../sampling/parameters.ts'
import type { AppState } from './app.ts'
import type { RecentModel } from './models.ts'
import type { Theme } from './settings.ts'

export interface Kept {
  readonly language: Language
  readonly theme: Theme
  readonly builtIn: BuiltInId
  readonly sampling: SamplingChoice
  /** Base URL. The token that goes with it is never kept. */
  readonly hub: string
  readonly recent: readonly RecentModel[]
  readonly open?: ItemId | undefined
  readonly lately: readonly string[]
  readonly inspectorWidth?: number | undefined
}

export const keep = (state: AppState): Kept => {
  const { language, theme, builtIn, sampling, hub, recent, open, lately, inspectorWidth } = state
  return { language, theme, builtIn, sampling, hub, recent, open, lately, inspectorWidth }
}

const THEMES: readonly Theme[] = ['system', 'light', 'dark']

/** `state` with what `stored` holds of it, as far as it makes sense. */
export function restore(stored: unknown, state: AppState): AppState {
  const { language, theme, builtIn, sampling, hub, recent, open, lately, inspectorWidth } = fields(stored)
  const model = oneOf(builtIn, Object.keys(builtIns) as BuiltInId[]) ?? state.builtIn
  return {
    ...state,
    language: oneOf(language, languages) ?? state.language,
    theme: oneOf(theme, THEMES) ?? state.theme,
    builtIn: model,
    model: { kind: 'built-in', id: model },
    sampling: readSampling(sampling),
    hub: readHub(hub) ?? state.hub,
    recent: list(recent).flatMap(readRecent),
    open: isId(open) ? open : undefined,
    lately: list(lately).filter((id) => typeof id === 'string'),
    inspectorWidth: isCount(inspectorWidth) ? inspectorWidth : undefined,
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
