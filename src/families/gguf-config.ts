/** A GGUF file's metadata as a config.json of transformers says it, so that a family's table can read it. */
import { Config } from './config.ts'
import type { Has } from './gguf-rows.ts'

/** What an architecture's table reads from. */
export interface GgufFields {
  /** Its own metadata, without its name in front: 'block_count'. */
  readonly own: Config
  readonly has: Has
  readonly width: number
  readonly layers: number
  readonly heads: number
  readonly headDim: number
  /** Whether each layer has a window, where the file says it layer by layer. */
  readonly slides: readonly boolean[] | undefined
}

/** Shape by tensor name. */
export type Shapes = ReadonlyMap<string, readonly number[]>

const FILE = 'the GGUF metadata'

type Metadata = Readonly<Record<string, unknown>>

/** @throws HeadlightError `bad-file` */
export const architectureOf = (metadata: Metadata): string => new Config(metadata, FILE).text('general.architecture')

/** @throws HeadlightError `bad-file`, `unsupported` */
export function readFields(name: string, metadata: Metadata, shapes: Shapes): GgufFields {
  const prefix = `${name}.`
  const fields = Object.fromEntries(
    Object.entries(metadata)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  )
  const own = new Config(fields, FILE, prefix)
  const width = own.size('embedding_length')
  const heads = own.size('attention.head_count')
  const layers = own.size('block_count', undefined, 1024)
  own.require(own.has('attention.key_length') || width % heads === 0, 'embedding_length', `a multiple of ${heads}`)
  const headDim = own.size('attention.key_length', Math.floor(width / heads))
  own.refuseUnless('attention.value_length', [undefined, headDim])
  const pattern = fields[PATTERN]
  const slides =
    Array.isArray(pattern) || ArrayBuffer.isView(pattern)
      ? Array.from(pattern as ArrayLike<unknown>, Boolean)
      : undefined
  own.require(slides === undefined || slides.length === layers, PATTERN, `a list of ${layers}`)
  const has: Has = (tensor) => shapes.has(tensor.replace('#', '0'))
  return { own, has, width, layers, heads, headDim, slides }
}

const PATTERN = 'attention.sliding_window_pattern'

/** What all architectures have in common, under every name that the families' tables know it by. */
export function commonConfig(fields: GgufFields, shapes: Shapes): Record<string, unknown> {
  const { own, has, width, layers, heads, headDim } = fields
  const optional = (field: string, ...keys: string[]) => (own.has(field) ? named(own.number(field), ...keys) : {})
  return {
    vocab_size: shapes.get('token_embd.weight')?.[0], // may be more than there are tokens
    ...named(width, 'hidden_size', 'n_embd', 'd_model'),
    ...named(own.size('context_length'), 'max_position_embeddings', 'n_positions', 'seq_length', 'max_seq_len'),
    ...named(layers, 'num_hidden_layers', 'n_layer', 'n_layers'),
    ...named(heads, 'num_attention_heads', 'n_head', 'n_heads'),
    ...named(own.size('attention.head_count_kv', heads), 'num_key_value_heads', 'num_kv_heads'),
    head_dim: headDim,
    ...optional('feed_forward_length', 'intermediate_size', 'n_inner', 'ffn_hidden_size'),
    ...optional('attention.layer_norm_rms_epsilon', 'rms_norm_eps'),
    ...optional('attention.layer_norm_epsilon', 'layer_norm_eps', 'layer_norm_epsilon', 'norm_eps', 'norm_epsilon'),
    ...optional('attention.clamp_kqv', 'clip_qkv'),
    ...optional('attn_logit_softcapping', 'attn_logit_softcapping'),
    ...optional('final_logit_softcapping', 'final_logit_softcapping'),
    ...optional('logit_scale', 'logit_scale', 'logits_scaling'),
    ...optional('expert_count', 'num_local_experts'),
    ...optional('expert_used_count', 'num_experts_per_tok'),
    tie_word_embeddings: !has('output.weight'),
    ...rope(fields),
    ...window(fields),
  }
}

const named = (value: unknown, ...keys: string[]) => Object.fromEntries(keys.map((key) => [key, value]))

/** @throws HeadlightError `unsupported` for a scaling that is not known, or is changed by more than its usual fields */
function rope({ own, has, headDim }: GgufFields): Record<string, unknown> {
  const turning = own.size('rope.dimension_count', headDim, headDim)
  const scaling = own.choice('rope.scaling.type', SCALINGS, own.has('rope.scale_linear') ? 'linear' : 'none')
  for (const field of ['rope.scaling.yarn_ext_factor', 'rope.scaling.yarn_attn_factor'])
    own.refuseUnless(field, [undefined, 1])
  for (const field of ['rope.scaling.yarn_log_multiplier', 'rope.dimension_sections'])
    own.refuseUnless(field, [undefined])
  if (!has('rope_factors_long.weight')) {
    own.refuseUnless('rope.scaling.type', [undefined, 'none', 'linear', 'yarn'])
    own.refuseUnless('rope.scaling.attn_factor', [undefined, 1])
  }
  return {
    ...named(own.positive('rope.freq_base', 10_000), 'rope_theta', 'rotary_emb_base'),
    rope_local_base_freq: own.positive('rope.freq_base_swa', 10_000),
    // Half a number more, which rounding down takes away: a quotient may lie just below what it should be.
    partial_rotary_factor: turning === headDim ? 1 : (turning + 0.5) / headDim,
    rope_scaling: {
      rope_type: scaling,
      ...(scaling !== 'default' && { factor: own.positive(own.either('rope.scaling.factor', 'rope.scale_linear')) }),
      ...(scaling === 'yarn' && {
        original_max_position_embeddings: own.size('rope.scaling.original_context_length'),
        beta_fast: own.positive('rope.scaling.yarn_beta_fast', 32),
        beta_slow: own.positive('rope.scaling.yarn_beta_slow', 1),
      }),
    },
  }
}

// Factors for each pair ('longrope', llama3) lie in tensors of their own: see `withFactors`.
const SCALINGS = { none: 'default', longrope: 'default', linear: 'linear', yarn: 'yarn' } as const

/** Which layers have a window: as the file says, layer by layer or as a period; else as the family has it. */
function window({ own, layers, slides }: GgufFields): Record<string, unknown> {
  const size = own.number('attention.sliding_window', 0)
  const types = (slide: (n: number) => boolean | undefined) =>
    Array.from({ length: layers }, (_, n) => (slide(n) ? 'sliding_attention' : 'full_attention'))
  if (size === 0) return { sliding_window: null, layer_types: types(() => false) }
  if (slides) return { sliding_window: size, layer_types: types((n) => slides[n]) }
  return { sliding_window: size, ...(own.has(PATTERN) && { sliding_window_pattern: own.size(PATTERN) }) }
}
