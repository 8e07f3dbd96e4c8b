import { expect, it } from 'vitest'
import {
  effectiveValues,
  forAnother,
  nothingChosen,
  parameters,
  parseNumber,
  parseStopLines,
  stopLines,
  within,
} from './parameters.ts'

const temperature = parameters.find(({ name }) => name === 'temperature')!

it('takes the reader over the model over the fallback', () => {
  const values = effectiveValues({ values: { topK: 5 }, stop: [] }, { topK: 20, temperature: 0.7 })
  expect(values).toMatchObject({ topK: 5, temperature: 0.7, topP: 1, maxTokens: 256 })
  expect(effectiveValues(nothingChosen, undefined).temperature).toBe(0.8)
})

it('keeps values in range and on a step', () => {
  expect(within(temperature, 0.8300001)).toBe(0.85)
  expect(within(temperature, -1)).toBe(0)
  expect(within(temperature, 99)).toBe(5)
})

it('reads typed numbers', () => {
  expect(parseNumber(' 0,7 ')).toBe(0.7)
  expect(parseNumber('−0.5')).toBe(-0.5)
  expect(parseNumber('')).toBeUndefined()
  expect(parseNumber('warm')).toBeUndefined()
})

it('writes stop strings on lines and reads them again', () => {
  const stop = ['The end', '\n\n', 'a\\n']
  expect(parseStopLines(stopLines(stop))).toEqual(stop)
  expect(parseStopLines('\n\n')).toEqual([])
})

it('keeps a summary from another text', () => {
  const summarised = { ...nothingChosen, whenFull: { keep: 8, summary: { words: 'They met.', covers: 90 } } }
  expect(forAnother(summarised).whenFull).toEqual({ keep: 8, summary: { words: '', covers: 0 } })
  expect(forAnother(nothingChosen)).toBe(nothingChosen)
})
