/** Sampling, on the side of the CPU: options are checked once, then packed for `shaders/sample.wgsl`. */
import { FEW_KEPT, IN_PROMPT } from '../../shaders/sample.ts'
import { MOST_TOP } from '../../shaders/top.ts'
import type { GenerateOptions, ResponseFormat, SamplingOptions } from '../engine/types.ts'
import { HeadlightError } from '../errors.ts'

/** GenerateOptions with every value there and in range: plain data, to be posted to a Worker. */
export interface ResolvedSampling extends Required<SamplingOptions> {
  /** Infinity when no limit was given. */
  readonly maxTokens: number
  readonly logitBias: ReadonlyMap<number, number>
  /** Absent when none was given: `randomSeed()` makes one. */
  readonly seed: number | undefined
  readonly stop: readonly string[]
  readonly responseFormat: ResponseFormat | undefined
  readonly topLogprobs: number
  /** How many likeliest tokens to list of each distribution, where these are to be looked at. */
  readonly probabilities: number | undefined
  readonly ignoreEndOfText: boolean
}

/** What the uniform `options` takes. */
export const SAMPLING_BYTES = 48

/** A temperature below this is greedy: 1 / temperature must stay far from overflow. */
const LEAST_TEMPERATURE = 1e-5

/** Biases and penalties beyond ±this change nothing that this does not: no logit comes near. */
const LARGEST_SHIFT = 1e6

/**
 * `options` over the model's `defaults` over neutral values (greedy, nothing left out, nothing penalised).
 * `vocab` bounds the ids of `logitBias`.
 * @throws HeadlightError `bad-input`, naming the option, what was found and what is allowed
 */
export function resolveSampling(options: GenerateOptions, defaults: SamplingOptions, vocab: number): ResolvedSampling {
  const pick = (option: keyof SamplingOptions, neutral: number) => options[option] ?? defaults[option] ?? neutral
  const stop = options.stop ?? []
  const resolved = {
    temperature: pick('temperature', 0),
    topK: pick('topK', 0),
    topP: pick('topP', 1),
    minP: pick('minP', 0),
    repetitionPenalty: pick('repetitionPenalty', 1),
    presencePenalty: pick('presencePenalty', 0),
    frequencyPenalty: pick('frequencyPenalty', 0),
    maxTokens: options.maxTokens ?? Number.POSITIVE_INFINITY,
    logitBias: biasOf(options.logitBias ?? {}, vocab),
    seed: options.seed,
    stop: typeof stop === 'string' ? [stop] : [...stop],
    responseFormat: options.responseFormat,
    topLogprobs: options.topLogprobs ?? 0,
    probabilities: options.inspect?.probabilities?.top,
    ignoreEndOfText: options.ignoreEndOfText ?? false,
  }
  const { temperature, topK, topP, minP, repetitionPenalty, maxTokens, seed, topLogprobs } = resolved
  check('temperature', temperature, 'a number of at least 0', Number.isFinite(temperature) && temperature >= 0)
  check('topK', topK, 'an integer of at least 0', Number.isSafeInteger(topK) && topK >= 0)
  check('topP', topP, 'a number above 0, at most 1', Number.isFinite(topP) && topP > 0 && topP <= 1)
  check('minP', minP, 'a number from 0 to 1', Number.isFinite(minP) && minP >= 0 && minP <= 1)
  check(
    'repetitionPenalty',
    repetitionPenalty,
    'a number above 0',
    Number.isFinite(repetitionPenalty) && repetitionPenalty > 0,
  )
  for (const option of ['presencePenalty', 'frequencyPenalty'] as const) {
    check(option, resolved[option], 'a finite number', Number.isFinite(resolved[option]))
  }
  const unlimited = maxTokens === Number.POSITIVE_INFINITY
  check(
    'maxTokens',
    maxTokens,
    'an integer of at least 1',
    unlimited || (Number.isSafeInteger(maxTokens) && maxTokens >= 1),
  )
  if (seed !== undefined) {
    check('seed', seed, 'an integer between −(2^53 − 1) and 2^53 − 1', Number.isSafeInteger(seed))
  }
  for (const [option, listed] of [
    ['topLogprobs', topLogprobs],
    ['inspect.probabilities.top', resolved.probabilities ?? 0],
  ] as const) {
    check(
      option,
      listed,
      `an integer from 0 to ${MOST_TOP}`,
      Number.isSafeInteger(listed) && listed >= 0 && listed <= MOST_TOP,
    )
  }
  for (const text of resolved.stop) {
    check(
      'stop',
      typeof text === 'string' ? `'${text}'` : text,
      'one or more strings that are not empty',
      typeof text === 'string' && text !== '',
    )
  }
  const cut = resolved.responseFormat !== undefined && resolved.stop.length > 0
  check('stop', 'a stop string', 'none beside responseFormat: it would cut the text', !cut)
  return resolved
}

function biasOf(bias: Readonly<Record<number, number>>, vocab: number): ReadonlyMap<number, number> {
  const entries = Object.entries(bias).map(([key, value]) => {
    const id = Number(key)
    const known = String(id) === key && Number.isSafeInteger(id) && id >= 0 && id < vocab
    check('logitBias', `id ${key}`, `token ids from 0 to ${vocab - 1}`, known)
    check(
      'logitBias',
      `${value} for id ${id}`,
      'finite numbers, or -Infinity to ban an id',
      Number.isFinite(value) || value === Number.NEGATIVE_INFINITY,
    )
    return [id, value] as const
  })
  return new Map(entries)
}

function check(option: string, found: unknown, expected: string, ok: boolean): void {
  if (ok) return
  throw new HeadlightError('bad-input', `${option}: got ${String(found)}, expected ${expected}`, {
    option,
    found: String(found),
    expected,
  })
}

/** Whether what `logits` left of each span of ids does not suffice, and `survey` must run before `sample`. */
export function needsSurvey(sampling: ResolvedSampling): boolean {
  const { temperature, topK, topP } = sampling
  const byMass = temperature >= LEAST_TEMPERATURE && topP < 1 && (topK === 0 || topK > FEW_KEPT)
  return byMass || isPenalised(sampling) || isBiased(sampling)
}

/** Whether `counts` matter. */
export const isPenalised = (sampling: ResolvedSampling): boolean =>
  sampling.repetitionPenalty !== 1 || sampling.presencePenalty !== 0 || sampling.frequencyPenalty !== 0

/** Whether `bias` matters. */
export const isBiased = (sampling: ResolvedSampling): boolean =>
  sampling.logitBias.size > 0 || sampling.responseFormat !== undefined

/** The uniform `options` of `sample` and `survey`: SAMPLING_BYTES long, fields as in their WGSL struct. */
export function packSampling(sampling: ResolvedSampling, seed: number): ArrayBuffer {
  const bytes = new ArrayBuffer(SAMPLING_BYTES)
  const words = new Uint32Array(bytes)
  const floats = new Float32Array(bytes)
  const { temperature, topK, topP, minP, repetitionPenalty, presencePenalty, frequencyPenalty } = sampling
  words.set(hashSeed(seed), 0)
  floats[2] = temperature < LEAST_TEMPERATURE ? 0 : Math.max(1 / temperature, 1 / LARGEST_SHIFT)
  words[3] = Math.min(topK, 0xffffffff)
  floats[4] = topP
  floats[5] = minP > 0 ? Math.max(Math.log(minP), -1e38) : -1e38
  floats[6] = Math.min(Math.max(repetitionPenalty, 1 / LARGEST_SHIFT), LARGEST_SHIFT)
  floats[7] = bounded(presencePenalty)
  floats[8] = bounded(frequencyPenalty)
  words[9] = Number(isBiased(sampling))
  words[10] = Number(isPenalised(sampling))
  words[11] = Number(needsSurvey(sampling))
  return bytes
}

const bounded = (shift: number): number => Math.min(Math.max(shift, -LARGEST_SHIFT), LARGEST_SHIFT)

/** A seed to use where none was given. */
export function randomSeed(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2)) as unknown as [number, number]
  return (high >>> 11) * 2 ** 32 + low
}

/** 64 well-mixed bits of an integer, low word first: the finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
function hashSeed(seed: number): [low: number, high: number] {
  let z = BigInt.asUintN(64, BigInt(seed) + 0x9e3779b97f4a7c15n)
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn)
  z ^= z >> 31n
  return [Number(z & 0xffffffffn), Number(z >> 32n)]
}

/** `bias` of `sample`, [vocab]. Not needed, and not read, when `logitBias` is empty and no format is asked for. */
export function denseBias(logitBias: ReadonlyMap<number, number>, vocab: number): Float32Array<ArrayBuffer> {
  const bias = new Float32Array(vocab)
  for (const [id, value] of logitBias) bias[id] = value === Number.NEGATIVE_INFINITY ? value : bounded(value)
  return bias
}

/** `bias` where only ids that are set in `allowed`, a bit set over the vocabulary, may be drawn. */
export function maskedBias(bias: Float32Array, allowed: Uint32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(bias, (value, id) =>
    (allowed[id >>> 5]! >>> (id & 31)) & 1 ? value : Number.NEGATIVE_INFINITY,
  )
}

/** `counts` of `sample` before the first draw, [vocab]: the ids of the prompt are marked, none is generated yet. */
export function initialCounts(prompt: readonly number[], vocab: number): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(vocab)
  for (const id of prompt) counts[id] = IN_PROMPT
  return counts
}
