/** What the reader chose: language, theme, model and sampling. */
import type { StateCreator } from 'zustand'
import { type Language, preferredLanguage } from '../i18n/language.ts'
import type { ItemId } from '../library/item.ts'
import { type BuiltInId, builtInOf } from '../models/built-in.ts'
import type { ModelChoice } from '../models/choice.ts'
import {
  nothingChosen,
  type ParameterName,
  type SamplingChoice,
  type Values,
  type WhenFull,
} from '../sampling/parameters.ts'
import type { AppState } from './app.ts'

export type Theme = 'system' | 'light' | 'dark'

export interface SettingsSlice {
  readonly language: Language
  readonly theme: Theme
  readonly model: ModelChoice
  /** The built-in model to come back to. */
  readonly builtIn: BuiltInId
  /** Of the open text; what is new begins with it. */
  readonly sampling: SamplingChoice
  /** The text that was open last, to come back to. */
  readonly open?: ItemId | undefined
  setLanguage(language: Language): void
  setTheme(theme: Theme): void
  setModel(model: ModelChoice): void
  setParameter(name: ParameterName, value: number): void
  /** All of them at once. */
  setValues(values: Values): void
  setSeed(seed: number | undefined): void
  setStop(stop: readonly string[]): void
  /** @param json a JSON Schema as it was typed; undefined: any text */
  setJson(json: string | undefined): void
  setWhenFull(whenFull: WhenFull): void
  setEndless(endless: boolean): void
  resetSampling(): void
}

export const settingsSlice: StateCreator<AppState, [], [], SettingsSlice> = (set) => {
  const language = preferredLanguage(globalThis.navigator?.languages ?? [])
  const builtIn = builtInOf(language)
  return {
    language,
    theme: 'system',
    builtIn,
    model: { kind: 'built-in', id: builtIn },
    sampling: nothingChosen,
    setLanguage: (language) => set({ language }),
    setTheme: (theme) => set({ theme }),
    setModel: (model) => set({ model, ...(model.kind === 'built-in' && { builtIn: model.id }) }),
    setParameter: (name, value) =>
      set(({ sampling }) => ({ sampling: { ...sampling, values: { ...sampling.values, [name]: value } } })),
    setValues: (values) => set(({ sampling }) => ({ sampling: { ...sampling, values } })),
    setSeed: (seed) => set(({ sampling }) => ({ sampling: { ...sampling, seed } })),
    setStop: (stop) => set(({ sampling }) => ({ sampling: { ...sampling, stop } })),
    setJson: (json) => set(({ sampling }) => ({ sampling: { ...sampling, json } })),
    setWhenFull: (whenFull) => set(({ sampling }) => ({ sampling: { ...sampling, whenFull } })),
    setEndless: (endless) => set(({ sampling }) => ({ sampling: { ...sampling, endless } })),
    resetSampling: () => set(({ sampling: { whenFull } }) => ({ sampling: { ...nothingChosen, whenFull } })),
  }
}
