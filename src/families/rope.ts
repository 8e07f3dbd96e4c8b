/**
 * Rotary position embeddings: how many radians each pair of numbers turns per position, with the ways of
 * stretching them to longer texts. In float64, once per model. Formulas as in transformers'
 * modeling_rope_utils.py; YaRN is arXiv 2309.00071.
 */
import type { Config } from './config.ts'

type RopeScaling =
  | { readonly kind: 'default' }
  | { readonly kind: 'linear'; readonly factor: number }
  | {
      readonly kind: 'llama3'
      readonly factor: number
      readonly lowFrequencyFactor: number
      readonly highFrequencyFactor: number
      /** Positions that the model saw before it was stretched. */
      readonly originalContext: number
    }
  | {
      readonly kind: 'yarn'
      readonly factor: number
      /** Turns within the original context above which a pair is left alone. */
      readonly betaFast: number
      /** Turns below which it is stretched in full. */
      readonly betaSlow: number
      readonly originalContext: number
      readonly attentionFactor: number
      /** Round the ends of the ramp between the two to whole pairs. */
      readonly truncate: boolean
    }

interface RopeFrequencies {
  /** [rotaryDim / 2], radians per position */
  readonly inverseFrequencies: number[]
  readonly attentionFactor: number
}

/**
 * Reads `rope_parameters` (transformers 5) or `rope_theta` and `rope_scaling` (4).
 * @throws HeadlightError `unsupported` for a rope type that is not known
 */
export function readRope(config: Config, context: number): { theta: number; scaling: RopeScaling } {
  const nested = ['rope_parameters', 'rope_scaling'].find((field) => config.has(field))
  const rope = nested === undefined ? undefined : config.object(nested)
  const theta = rope?.has('rope_theta') ? rope.positive('rope_theta') : config.positive('rope_theta', 10_000)
  if (!rope) return { theta, scaling: { kind: 'default' } }
  // A table of tables, by kind of layer: no family here has one.
  for (const kind of ['full_attention', 'sliding_attention']) rope.refuseUnless(kind, [undefined])
  // "type" is the spelling before transformers 4.43.
  const type = rope.has('rope_type') || !rope.has('type') ? 'rope_type' : 'type'
  const read = rope.choice(type, { default: unscaled, dynamic: unscaled, linear, llama3, yarn }, 'default')
  return { theta, scaling: read(rope, context) }
}

// Dynamic scaling sets in where a text outgrows max_position_embeddings, which is where our context ends.
const unscaled = (): RopeScaling => ({ kind: 'default' })

const linear = (rope: Config): RopeScaling => ({ kind: 'linear', factor: rope.positive('factor') })

const llama3 = (rope: Config, context: number): RopeScaling => ({
  kind: 'llama3',
  factor: rope.positive('factor'),
  lowFrequencyFactor: rope.positive('low_freq_factor'),
  highFrequencyFactor: rope.positive('high_freq_factor'),
  originalContext: rope.size('original_max_position_embeddings', context),
})

function yarn(rope: Config, context: number): RopeScaling {
  const originalContext = rope.size('original_max_position_embeddings', context)
  const factor = rope.positive('factor', context / originalContext)
  const magnitude = (scale: number) => (factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1)
  const scaled = rope.has('mscale') && rope.has('mscale_all_dim')
  const suggested = scaled
    ? magnitude(rope.positive('mscale')) / magnitude(rope.positive('mscale_all_dim'))
    : magnitude(1)
  return {
    kind: 'yarn',
    factor,
    betaFast: rope.positive('beta_fast', 32),
    betaSlow: rope.positive('beta_slow', 1),
    originalContext,
    attentionFactor: rope.positive('attention_factor', suggested),
    truncate: rope.flag('truncate', true),
  }
}

/** θ_i = theta^(−2i / rotaryDim), scaled. */
export function ropeFrequencies(theta: number, rotaryDim: number, scaling: RopeScaling): RopeFrequencies {
  const plain = Array.from({ length: rotaryDim / 2 }, (_, pair) => theta ** ((-2 * pair) / rotaryDim))
  switch (scaling.kind) {
    case 'default':
      return { inverseFrequencies: plain, attentionFactor: 1 }
    case 'linear':
      return { inverseFrequencies: plain.map((f) => f / scaling.factor), attentionFactor: 1 }
    case 'llama3': {
      const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContext } = scaling
      const stretch = (f: number) => {
        const turns = (originalContext * f) / (2 * Math.PI)
        // 1 keeps a fast pair as it is, 0 stretches a slow one in full.
        const keep = clamp((turns - low) / (high - low))
        return keep * f + ((1 - keep) * f) / factor
      }
      return { inverseFrequencies: plain.map(stretch), attentionFactor: 1 }
    }
    case 'yarn': {
      const { factor, betaFast, betaSlow, originalContext, truncate, attentionFactor } = scaling
      // The pair (a fraction) that makes `turns` turns within the original context.
      const pairOf = (turns: number) =>
        (rotaryDim * Math.log(originalContext / (turns * 2 * Math.PI))) / (2 * Math.log(theta))
      const [first, last] = [pairOf(betaFast), pairOf(betaSlow)]
      const low = Math.max(truncate ? Math.floor(first) : first, 0)
      const top = Math.min(truncate ? Math.ceil(last) : last, rotaryDim - 1)
      const high = low === top ? top + 0.001 : top // no division by zero
      const stretch = (f: number, pair: number) => {
        const keep = 1 - clamp((pair - low) / (high - low))
        return keep * f + ((1 - keep) * f) / factor
      }
      return { inverseFrequencies: plain.map(stretch), attentionFactor }
    }
    default:
      return scaling satisfies never
  }
}

const clamp = (x: number) => Math.min(Math.max(x, 0), 1)
