/** Samplings with a name: how daring the next token is chosen. The length is the reader's own, whichever they take. */
import type { Values } from './parameters.ts'

export type PresetName = 'own' | 'precise' | 'balanced' | 'lively'

/** 'own': what the model's author suggests. */
export const presets: Readonly<Record<PresetName, Values>> = {
  own: {},
  precise: { temperature: 0.3, topK: 40, topP: 0.9, repetitionPenalty: 1.1 }, // small models repeat themselves when cold
  balanced: { temperature: 0.8, topK: 40, topP: 0.95 },
  lively: { temperature: 1.2, topK: 0, topP: 1, minP: 0.05 },
}

export const presetNames = Object.keys(presets) as readonly PresetName[]

/** `values` with those of a preset in place of all but the length. */
export function withPreset({ maxTokens }: Values, name: PresetName): Values {
  return { ...presets[name], ...(maxTokens !== undefined && { maxTokens }) }
}

/** The preset that `values` are; undefined where they are the reader's own. */
export function presetOf({ maxTokens: _, ...values }: Values): PresetName | undefined {
  const names = Object.keys(values) as (keyof typeof values)[]
  return presetNames.find((name) => {
    const preset = presets[name]
    return names.length === Object.keys(preset).length && names.every((key) => values[key] === preset[key])
  })
}
