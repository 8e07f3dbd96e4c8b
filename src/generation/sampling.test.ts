import { expect, test } from 'vitest'
import { IN_PROMPT } from '../../shaders/sample.ts'
import type { GenerateOptions } from '../engine/types.ts'
import { HeadlightError } from '../errors.ts'
import {
  denseBias,
  initialCounts,
  needsSurvey,
  packSampling,
  randomSeed,
  resolveSampling,
  SAMPLING_BYTES,
} from './sampling.ts'

const VOCAB = 100
const resolve = (options: GenerateOptions) => resolveSampling(options, {}, VOCAB)

test('without options, writing is greedy and unlimited', () => {
  expect(resolve({})).toEqual({
    temperature: 0,
    topK: 0,
    topP: 1,
    minP: 0,
    repetitionPenalty: 1,
    presencePenalty: 0,
    frequencyPenalty: 0,
    maxTokens: Number.POSITIVE_INFINITY,
    logitBias: new Map(),
    responseFormat: undefined,
    seed: undefined,
    stop: [],
    topLogprobs: 0,
    ignoreEndOfText: false,
  })
})

test('an option goes before the default of the model', () => {
  const { temperature, topK, topP } = resolveSampling(
    { temperature: 0, topK: 7 },
    { temperature: 0.6, topP: 0.9 },
    VOCAB,
  )
  expect([temperature, topK, topP]).toEqual([0, 7, 0.9])
})

test('one stop string is a list of one', () => {
  expect(resolve({ stop: 'end' }).stop).toEqual(['end'])
  expect(resolve({ stop: ['a', 'b'] }).stop).toEqual(['a', 'b'])
})

test.each<[string, GenerateOptions]>([
  ['temperature', { temperature: -0.1 }],
  ['temperature', { temperature: Number.POSITIVE_INFINITY }],
  ['topK', { topK: -1 }],
  ['topK', { topK: 1.5 }],
  ['topP', { topP: 0 }],
  ['topP', { topP: 1.01 }],
  ['minP', { minP: -0.1 }],
  ['minP', { minP: Number.NaN }],
  ['repetitionPenalty', { repetitionPenalty: 0 }],
  ['presencePenalty', { presencePenalty: Number.NaN }],
  ['frequencyPenalty', { frequencyPenalty: Number.POSITIVE_INFINITY }],
  ['maxTokens', { maxTokens: 0 }],
  ['maxTokens', { maxTokens: 2.5 }],
  ['seed', { seed: 0.5 }],
  ['seed', { seed: 2 ** 53 }],
  ['topLogprobs', { topLogprobs: 21 }],
  ['stop', { stop: '' }],
  ['stop', { stop: ['a', ''] }],
  ['logitBias', { logitBias: { [VOCAB]: 1 } }],
  ['logitBias', { logitBias: { [-1]: 1 } }],
  ['logitBias', { logitBias: { 3: Number.POSITIVE_INFINITY } }],
  ['logitBias', { logitBias: { 3: Number.NaN } }],
])('%s out of range is refused by name: %o', (option, options) => {
  let error: unknown
  try {
    resolve(options)
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(HeadlightError)
  expect(error).toMatchObject({
    code: 'bad-input',
    message: expect.stringMatching(`^${option}: got .*, expected `),
    details: { option },
  })
})

/** The uniform as the shader reads it. */
function unpack(options: GenerateOptions, seed = 0): { words: Uint32Array; floats: Float32Array } {
  const bytes = packSampling(resolve(options), seed)
  expect(bytes.byteLength).toBe(SAMPLING_BYTES)
  return { words: new Uint32Array(bytes), floats: new Float32Array(bytes) }
}

test('options go to the places that the shader reads', () => {
  const { words, floats } = unpack({
    temperature: 0.5,
    topK: 40,
    topP: 0.75,
    minP: 0.25,
    repetitionPenalty: 1.5,
    presencePenalty: 0.5,
    frequencyPenalty: -0.25,
    logitBias: { 3: 1 },
  })
  expect(floats[2]).toBe(2)
  expect(words[3]).toBe(40)
  expect(floats[4]).toBe(0.75)
  expect(floats[5]).toBeCloseTo(Math.log(0.25))
  expect([...floats.slice(6, 9)]).toEqual([1.5, 0.5, -0.25])
  expect([...words.slice(9)]).toEqual([1, 1, 1])
})

test('neutral options say that bias and counts need not be read', () => {
  const { words, floats } = unpack({ temperature: 1 })
  expect([...words.slice(9)]).toEqual([0, 0, 0])
  expect(floats[5]).toBeLessThan(-1e37)
})

test.each<[GenerateOptions, boolean]>([
  [{}, false],
  [{ temperature: 1 }, false],
  [{ temperature: 1, minP: 0.1 }, false],
  [{ temperature: 1, topK: 40, topP: 0.9 }, false],
  [{ temperature: 1, topP: 0.9 }, true],
  [{ temperature: 1, topK: 1000, topP: 0.9 }, true],
  [{ topP: 0.9 }, false], // greedy
  [{ repetitionPenalty: 1.1 }, true],
  [{ logitBias: { 3: 1 } }, true],
])('%o: peaks do not suffice: %s', (options, needed) => {
  expect(needsSurvey(resolve(options))).toBe(needed)
})

test('what is extreme stays finite: a tiny temperature is greedy', () => {
  expect(unpack({ temperature: 1e-300 }).floats[2]).toBe(0)
  const { floats } = unpack({ temperature: 1e300, minP: 1e-300, repetitionPenalty: 1e-300, presencePenalty: 1e300 })
  expect([2, 5, 6, 7].every((at) => Number.isFinite(floats[at]))).toBe(true)
  expect(floats[2]).toBeGreaterThan(0)
  expect(floats[6]).toBeGreaterThan(0)
})

test('seeds become 64 mixed bits: SplitMix64', () => {
  const { words } = unpack({}, 0)
  expect([words[1]!.toString(16), words[0]!.toString(16)]).toEqual(['e220a839', '7b1dcdaf']) // published first output of seed 0
  const seeds = [0, 1, -1, 2 ** 40, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]
  expect(new Set(seeds.map((seed) => unpack({}, seed).words.slice(0, 2).join())).size).toBe(seeds.length)
})

test('random seeds are seeds', () => {
  const seeds = Array.from({ length: 20 }, randomSeed)
  for (const seed of seeds) expect(resolve({ seed }).seed).toBe(seed)
  expect(new Set(seeds).size).toBe(20)
})

test('a bias vector has a number for each id', () => {
  const { logitBias } = resolve({ logitBias: { 0: 2, 7: Number.NEGATIVE_INFINITY, 99: -1e300 } })
  const bias = denseBias(logitBias, VOCAB)
  expect(bias.length).toBe(VOCAB)
  expect([bias[0], bias[1], bias[7]]).toEqual([2, 0, Number.NEGATIVE_INFINITY])
  expect(Number.isFinite(bias[99])).toBe(true)
})

test('counts start with the ids of the prompt marked', () => {
  const counts = initialCounts([3, 5, 3], VOCAB)
  expect(counts[3]).toBe(IN_PROMPT)
  expect(counts.filter((count) => count !== 0).length).toBe(2)
})
