/** Llama, and those that differ from it in one thing. */
import { dense, llamaLike, windowSize, windows } from './llama-like.ts'
import { ungated } from './llama-rows.ts'
import { ropePosition } from './rope.ts'

/** Llama 1 to 3, TinyLlama, SmolLM2 and many more. */
export const llama = llamaLike({ name: 'llama' })

/** Mistral: every layer may have a window. */
export const mistral = llamaLike({
  name: 'mistral',
  defaults: { num_key_value_heads: 8, max_position_embeddings: 131_072, sliding_window: 4096 },
  differs: (config) => ({ layer: () => ({ window: windowSize(config) }) }),
})

/** SmolLM3: every fourth layer does not turn. */
export const smollm3 = llamaLike({
  name: 'smollm3',
  defaults: {
    num_key_value_heads: 4,
    max_position_embeddings: 32_768,
    rope_theta: 2_000_000,
    tie_word_embeddings: true,
    use_sliding_window: false,
    no_rope_layer_interval: 4,
  },
  differs: (config, { layers }) => {
    const interval = config.size('no_rope_layer_interval')
    const turns = config.has('no_rope_layers')
      ? config.numbers('no_rope_layers', layers).map((turn) => turn !== 0)
      : Array.from({ length: layers }, (_, n) => (n + 1) % interval !== 0)
    const window = config.flag('use_sliding_window') ? windowSize(config) : null
    const sliding = windows(config, layers, (n) => window !== null && !turns[n], window)
    return { layer: (n) => ({ rope: turns[n] ? 0 : null, window: sliding[n]! }) }
  },
})

/** Arcee: ReLU² in a plain MLP. */
export const arcee = llamaLike({
  name: 'arcee',
  defaults: { hidden_act: 'relu2', max_position_embeddings: 4096, rms_norm_eps: 1e-5 },
  differs: (config) => ({ mlp: dense(config, 'plain') }),
  rows: { mlp: ungated('up_proj', 'down_proj') },
})

/** Helium: neighbouring pairs turn. */
export const helium = llamaLike({
  name: 'helium',
  defaults: {
    num_key_value_heads: 20,
    head_dim: 128,
    max_position_embeddings: 4096,
    rms_norm_eps: 1e-8,
    rope_theta: 100_000,
  },
  differs: (config, { context, headDim }) => ({
    position: ropePosition(config, context, headDim, { pairing: 'interleaved' }),
    attention: { bias: { qkv: config.flag('attention_bias'), output: false } },
  }),
})

/** Ernie 4.5: neighbouring pairs turn, biases everywhere or nowhere. */
export const ernie45 = llamaLike({
  name: 'ernie4_5',
  defaults: {
    num_key_value_heads: 2,
    head_dim: 128,
    max_position_embeddings: 131_072,
    rms_norm_eps: 1e-5,
    rope_theta: 500_000,
    tie_word_embeddings: true,
  },
  differs: (config, { context, headDim }) => {
    const bias = config.flag('use_bias', false)
    return {
      position: ropePosition(config, context, headDim, { pairing: 'interleaved' }),
      attention: { bias: { qkv: bias, output: bias } },
      mlp: { ...dense(config, 'gated'), bias },
    }
  },
})

/** Seed-OSS: biases on q, k and v, and on attention's output by itself. */
export const seedOss = llamaLike({
  name: 'seed_oss',
  defaults: { num_key_value_heads: 8, head_dim: 128, max_position_embeddings: 524_288, attention_bias: true },
  differs: (config) => ({
    attention: { bias: { qkv: config.flag('attention_bias'), output: config.flag('attention_out_bias', false) } },
  }),
})
