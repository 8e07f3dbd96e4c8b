/**
 * Rotary position embeddings: how many radians each pair of numbers turns per position, with the ways of
 * stretching them to longer texts. In float64, once per model. Formulas as in transformers'
 * modeling_rope_utils.py; YaRN is arXiv 2309.00071, LongRoPE arXiv 2402.13753.
 */
import type { Config } from './config.ts'
import type { RopeTable } from './spec.ts'

/** A scaling's table, from its own fields and what all have. */
type Scaling = (rope: Config, plain: Plain) => RopeTable

interface Plain {
  readonly theta: number
  /** Numbers of a head that turn; where odd, the last pair takes in one more. */
  readonly dim: number
  /** Radians per position, one for each pair. */
  readonly frequencies: readonly number[]
  /** Positions that the model is for. */
  readonly context: number
  /** Positions that it saw before it was stretched. */
  readonly original: number
}

interface RopeOptions {
  readonly pairing?: 'half' | 'interleaved'
  /** The field that may leave part of each head as it is, and its default. Without this, a part is refused. */
  readonly partial?: readonly [field: string, share: number]
  /** Another name of `rope_theta` in older files. */
  readonly base?: string
}

/** Positions of a decoder whose layers all turn alike, on whole heads unless `partial`. */
export function ropePosition(config: Config, context: number, headDim: number, options: RopeOptions = {}) {
  const { pairing = 'half', partial, base = 'rope_theta' } = options
  const dim = partial ? partialDim(config, headDim, partial) : wholeHead(config, headDim)
  const table = readRope(config, dim, context, base)
  return { kind: 'rope', rotaryDim: 2 * table.inverseFrequencies.length, pairing, tables: [table] } as const
}

/**
 * Reads `rope_parameters` (transformers 5) or `rope_theta` and `rope_scaling` (4).
 * @param dim numbers of each head that turn
 * @param context positions that the model is for
 * @throws HeadlightError `unsupported` for a rope type that is not known, or another one for each kind of layer
 */
function readRope(config: Config, dim: number, context: number, base: string): RopeTable {
  const rope = parametersOf(config)
  for (const kind of LAYER_TYPES) rope.refuseUnless(kind, [undefined])
  const theta = rope.has('rope_theta') ? rope.positive('rope_theta') : config.positive(base, 10_000)
  const originalIn = config.has('original_max_position_embeddings') ? config : rope
  return table(rope, theta, dim, context, originalIn.size('original_max_position_embeddings', context))
}

const LAYER_TYPES = ['full_attention', 'sliding_attention'] as const

/**
 * Reads one rotary embedding for each kind of layer: `rope_parameters` has a table of each (transformers 5), or the
 * sliding layers have `rope_local_base_freq` and no scaling (4).
 */
export function readRopes(config: Config, dim: number, context: number) {
  const nested = config.object('rope_parameters', {})
  const [full, sliding] = LAYER_TYPES.map((kind) => nested.object(kind, {})) as [Config, Config]
  const scaled = config.has('rope_scaling') ? config.object('rope_scaling') : full
  const read = (rope: Config, theta: number) => {
    rope.refuseUnless(PARTIAL, [undefined, null, 1])
    const original = rope.size('original_max_position_embeddings', context)
    return table(rope, rope.positive('rope_theta', theta), dim, context, original)
  }
  return {
    full: read(scaled, full.positive('rope_theta', config.positive('rope_theta', 1_000_000))),
    sliding: read(sliding, config.positive('rope_local_base_freq', 10_000)),
  }
}

function partialDim(config: Config, headDim: number, [field, fallback]: readonly [string, number]): number {
  const owners = [
    [parametersOf(config), PARTIAL],
    [config, PARTIAL],
    [config, field],
  ] as const
  const [owner, name] = owners.find(([owner, name]) => owner.has(name)) ?? [config, field]
  const dim = Math.floor(headDim * owner.positive(name, fallback))
  owner.require(dim >= 1 && 2 * Math.ceil(dim / 2) <= headDim, name, `a share that leaves pairs of ${headDim} numbers`)
  return dim
}

/** @throws HeadlightError `unsupported` for a `partial_rotary_factor` other than 1 */
export function wholeHead(config: Config, headDim: number): number {
  for (const owner of [config, parametersOf(config)]) owner.refuseUnless(PARTIAL, [undefined, null, 1])
  config.require(headDim % 2 === 0, 'head_dim', 'an even number: rotary positions turn pairs')
  return headDim
}

const PARTIAL = 'partial_rotary_factor'

function parametersOf(config: Config): Config {
  const field = ['rope_scaling', 'rope_parameters'].find((name) => config.has(name))
  return config.object(field ?? 'rope_parameters', {})
}

function table(rope: Config, theta: number, dim: number, context: number, original: number): RopeTable {
  const frequencies = plainFrequencies(theta, dim)
  // "type" is the spelling before transformers 4.43.
  const field = rope.has('rope_type') || !rope.has('type') ? 'rope_type' : 'type'
  const scaling = rope.choice(field, SCALINGS, 'default')
  return scaling(rope, { theta, dim, frequencies, context, original })
}

/** theta^(−2i / dim), one for each pair. */
export function plainFrequencies(theta: number, dim: number): number[] {
  return Array.from({ length: Math.ceil(dim / 2) }, (_, pair) => theta ** ((-2 * pair) / dim))
}

const unscaled: Scaling = (_, { frequencies }) => ({ inverseFrequencies: frequencies, attentionFactor: 1 })

const linear: Scaling = (rope, { frequencies }) => {
  const factor = rope.positive('factor')
  return { inverseFrequencies: frequencies.map((f) => f / factor), attentionFactor: 1 }
}

/** By wavelength: short ones stay, long ones are stretched in full, those between in part. */
const llama3: Scaling = (rope, { frequencies, original }) => {
  const factor = rope.positive('factor')
  const low = rope.positive('low_freq_factor')
  const high = rope.positive('high_freq_factor')
  const stretch = (f: number) => {
    const turns = (original * f) / (2 * Math.PI)
    return mix(f, f / factor, clamp((turns - low) / (high - low)))
  }
  return { inverseFrequencies: frequencies.map(stretch), attentionFactor: 1 }
}

/** By turns within the original context: `beta_fast` or more stay, `beta_slow` or fewer are stretched in full. */
const yarn: Scaling = (rope, plain) => {
  // The first files of Phi-3 with long contexts call longrope so.
  if (rope.has('long_factor')) return longrope(rope, plain)
  const { theta, dim, frequencies, context, original } = plain
  const factor = rope.positive('factor', context / original)
  const magnitude = (scale: number) => (factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1)
  const scaled = rope.has('mscale') && rope.has('mscale_all_dim')
  const suggested = scaled
    ? magnitude(rope.positive('mscale')) / magnitude(rope.positive('mscale_all_dim'))
    : magnitude(1)
  const truncate = rope.flag('truncate', true)
  // The pair (a fraction) that makes `turns` turns within the original context.
  const pairOf = (turns: number) => (dim * Math.log(original / (turns * 2 * Math.PI))) / (2 * Math.log(theta))
  const [first, last] = [pairOf(rope.positive('beta_fast', 32)), pairOf(rope.positive('beta_slow', 1))]
  const from = Math.max(truncate ? Math.floor(first) : first, 0)
  const top = Math.min(truncate ? Math.ceil(last) : last, dim - 1)
  const to = from === top ? top + 0.001 : top // no division by zero
  const stretch = (f: number, pair: number) => mix(f, f / factor, 1 - clamp((pair - from) / (to - from)))
  return {
    inverseFrequencies: frequencies.map(stretch),
    attentionFactor: rope.positive('attention_factor', suggested),
  }
}

/** A factor of its own for each pair; other ones for texts that outgrow the original context. */
const longrope: Scaling = (rope, { frequencies, context, original }) => {
  const factor = rope.positive('factor', context / original)
  const suggested = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original))
  const stretched = (field: string) => {
    const factors = rope.numbers(field, frequencies.length)
    return frequencies.map((f, pair) => f / factors[pair]!)
  }
  return {
    inverseFrequencies: stretched('short_factor'),
    attentionFactor: rope.positive('attention_factor', suggested),
    beyond: { positions: original, inverseFrequencies: stretched('long_factor') },
  }
}

// Dynamic scaling sets in where a text outgrows max_position_embeddings, which is where our context ends.
const SCALINGS = { default: unscaled, dynamic: unscaled, linear, llama3, yarn, longrope, su: longrope }

const mix = (kept: number, stretched: number, keep: number) => keep * kept + (1 - keep) * stretched
const clamp = (x: number) => Math.min(Math.max(x, 0), 1)
