/**
 * Most of today's decoders are Llama with a twist: RMSNorm before each sublayer, rotary positions on whole heads,
 * key/value heads shared among query heads, a gated MLP. A table says what one has otherwise, and only that.
 */
import { ACTIVATIONS } from './activations.ts'
import type { Config } from './config.ts'
import { type LlamaRows, llamaRows } from './llama-rows.ts'
import { layerCount, MOST_HEADS, MOST_WIDTH, PLAIN, PLAIN_ATTENTION } from './plain.ts'
import { ropePosition } from './rope.ts'
import type { AttentionSpec, DecoderSpec, Family, LayerSpec, MlpSpec, NormSpec } from './spec.ts'

interface LlamaLike {
  readonly name: string
  /** What fields that config.json leaves out stand for, where transformers has another default than for Llama. */
  readonly defaults?: Readonly<Record<string, unknown>>
  /** What of the spec is otherwise. @throws HeadlightError `unsupported` for an option that is not computed */
  readonly differs?: (config: Config, sizes: Sizes) => Differences
  /** Which tensors are otherwise. */
  readonly rows?: LlamaRows
}

interface Sizes {
  readonly width: number
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
  readonly layers: number
  readonly context: number
}

interface Differences
  extends Partial<
    Pick<DecoderSpec, 'norm' | 'normPlacement' | 'finalNorm' | 'residual' | 'residualScale' | 'mlp' | 'position'>
  > {
  readonly embedding?: Partial<DecoderSpec['embedding']>
  readonly attention?: Partial<AttentionSpec>
  readonly layer?: (n: number) => Partial<LayerSpec>
  readonly logits?: Partial<DecoderSpec['logits']>
}

const DEFAULTS = {
  hidden_act: 'silu',
  max_position_embeddings: 2048,
  rms_norm_eps: 1e-6,
  tie_word_embeddings: false,
  attention_bias: false,
  mlp_bias: false,
}

export function llamaLike({ name, defaults = {}, differs = () => ({}), rows = {} }: LlamaLike): Family {
  return {
    name,
    modelTypes: [name],
    spec: (file) => {
      const config = file.withDefaults({ ...DEFAULTS, ...defaults })
      const sizes = readSizes(config)
      const { width, heads, kvHeads, headDim, layers, context } = sizes
      const { embedding, attention, layer, logits, norm, position, mlp, ...rest } = differs(config, sizes)
      const bias = config.flag('attention_bias', false)
      const scale = 1 / Math.sqrt(headDim)
      return {
        ...PLAIN,
        ...rest,
        family: name,
        width,
        vocab: config.size('vocab_size'),
        context,
        embedding: { ...PLAIN.embedding, ...embedding },
        norm: norm ?? rmsNorm(config),
        position: position ?? ropePosition(config, context, headDim),
        attention: { ...PLAIN_ATTENTION, heads, kvHeads, headDim, bias: { qkv: bias, output: bias }, ...attention },
        mlp: mlp ?? dense(config, 'gated'),
        layers: Array.from({ length: layers }, (_, n) => ({ window: null, scale, rope: 0, ...layer?.(n) })),
        head: config.flag('tie_word_embeddings', false) ? 'tied' : 'own',
        logits: { ...PLAIN.logits, ...logits },
      }
    },
    optionalPrefix: 'model.',
    tensors: (spec) => llamaRows(spec, rows),
  }
}

function readSizes(config: Config): Sizes {
  const width = config.size('hidden_size', undefined, MOST_WIDTH)
  const heads = config.size('num_attention_heads', undefined, MOST_HEADS)
  const kvHeads = config.size('num_key_value_heads', heads)
  config.require(heads % kvHeads === 0, 'num_key_value_heads', `a divisor of num_attention_heads (${heads})`)
  const shared = config.has('head_dim') || width % heads === 0
  config.require(shared, 'hidden_size', `a multiple of num_attention_heads (${heads})`)
  const headDim = config.size('head_dim', Math.floor(width / heads), MOST_WIDTH)
  const context = config.size('max_position_embeddings')
  return { width, heads, kvHeads, headDim, layers: layerCount(config, 'num_hidden_layers'), context }
}

export function rmsNorm(config: Config, offset: 0 | 1 = 0): NormSpec & { kind: 'rms' } {
  return { kind: 'rms', eps: config.positive('rms_norm_eps'), offset, weight: true }
}

export function dense(config: Config, kind: 'gated' | 'plain', activation = 'hidden_act'): MlpSpec {
  return {
    kind,
    activation: config.choice(activation, ACTIVATIONS),
    hidden: config.size('intermediate_size'),
    bias: config.flag('mlp_bias', false),
  }
}

/** Keys that a query sees at most; null: all. */
export const windowSize = (config: Config): number | null =>
  config.has('sliding_window') ? config.size('sliding_window') : null

/** The window of each layer that slides: as `layer_types` says, or where it is missing (transformers 4), `otherwise`. */
export function windows(
  config: Config,
  layers: number,
  otherwise: (n: number) => boolean,
  window = windowSize(config),
): (number | null)[] {
  const slides = config.has('layer_types')
    ? config.choices('layer_types', { full_attention: false, sliding_attention: true }, layers)
    : Array.from({ length: layers }, (_, n) => otherwise(n))
  config.require(
    window !== null || !slides.includes(true),
    'sliding_window',
    'a size, in use: layer_types has layers with one',
  )
  return slides.map((slide) => (slide ? window : null))
}
