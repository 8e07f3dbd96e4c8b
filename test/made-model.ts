/** A tiny model of any config, with random weights, and what the float64 decoder says of it: for forms that nobody published. */
import { familyOf, tensorsOf } from '../src/families/index.ts'
import type { DecoderSpec, TensorRequest } from '../src/families/spec.ts'
import { type Decoded, decode, type Factors, partsOf } from './oracle-decoder.ts'
import { type PlainTensors, tensorOf } from './safetensors.ts'

export interface MadeModel {
  readonly spec: DecoderSpec
  readonly tensors: PlainTensors
  readonly decode: (ids: readonly number[], factors?: Factors) => Decoded
}

export function makeModel(config: object, seed: number): MadeModel {
  const { family, spec } = familyOf(config)
  const requests = tensorsOf(family, spec, config)
  const random = randomNumbers(seed)
  const tensors = Object.fromEntries(
    requests.map((request) => [request.names[0]!, tensorOf(weights(request, spec, random), request.shape, 'f32')]),
  )
  const parts = partsOf(requests, tensors)
  return { spec, tensors, decode: (ids, factors) => decode(spec, parts, ids, factors) }
}

/** Every number is off what it would be in a fresh model: ones and zeros would hide that one is missing. */
function weights(
  { target, shape, kind, transposed }: TensorRequest,
  spec: DecoderSpec,
  random: () => number,
): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1)
  if (kind === 'vector') {
    const middle = target.endsWith('norm.weight') ? 1 - spec.norm.offset : 0
    return Float32Array.from({ length: count }, () => middle + 0.2 * random())
  }
  const columns = transposed ? shape.at(-2)! : shape.at(-1)!
  const spread = ['embed', 'positions', 'head'].includes(target) ? 1 : 1.6
  return Float32Array.from({ length: count }, () => (spread / Math.sqrt(columns)) * random())
}

/** Ids from 3 on, up to the vocabulary's end. */
export function randomIds(count: number, vocab: number, seed: number): number[] {
  const uniform = uniformNumbers(seed)
  return Array.from({ length: count }, () => 3 + Math.floor(uniform() * (vocab - 3)))
}

/** The ids that follow, each the likeliest, and how near the second best came to any of them. */
export function greedyIds({ decode, spec }: MadeModel, prompt: readonly number[], count: number) {
  const ids = [...prompt]
  let margin = Number.POSITIVE_INFINITY
  for (let i = 0; i < count; i++) {
    const logits = decode(ids).logits.slice(-spec.vocab)
    const [best, second] = [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!) as [number, number]
    margin = Math.min(margin, logits[best]! - logits[second]!)
    ids.push(best)
  }
  return { greedy: ids.slice(prompt.length), margin }
}

/** Normally distributed: mean 0, deviation 1 (Box–Muller). */
function randomNumbers(seed: number): () => number {
  const uniform = uniformNumbers(seed)
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** From 0 to below 1, the same for the same seed: a counter, mixed (splitmix32). */
function uniformNumbers(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}
