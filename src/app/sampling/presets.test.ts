import { expect, it } from 'vitest'
import { parameters, within } from './parameters.ts'
import { presetNames, presetOf, presets, withPreset } from './presets.ts'

it('knows a preset again, and leaves the length alone', () => {
  for (const name of presetNames) {
    const values = withPreset({ maxTokens: 7, presencePenalty: 1 }, name)
    expect(values).toEqual({ ...presets[name], maxTokens: 7 })
    expect(presetOf(values)).toBe(name)
  }
  expect(presetOf({ ...presets.balanced, topK: 3 })).toBeUndefined()
  expect(presetOf({ temperature: 0.8 })).toBeUndefined()
})

it('holds values that the fields can show', () => {
  for (const name of presetNames) {
    for (const parameter of parameters) {
      const value = presets[name][parameter.name]
      if (value !== undefined) expect(within(parameter, value)).toBe(value)
    }
  }
})
