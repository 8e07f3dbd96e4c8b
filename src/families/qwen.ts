/** Qwen 2 and 2.5: biases on q, k and v. Qwen 3: a norm on each head of q and k instead, dense or with experts. */
import type { Config } from './config.ts'
import { readExperts, separateExperts } from './experts.ts'
import { llamaLike, rmsNorm, windowSize, windows } from './llama-like.ts'
import type { AttentionSpec } from './spec.ts'

const DEFAULTS = { max_position_embeddings: 32_768, use_sliding_window: false, sliding_window: 4096 }

const windowInUse = (config: Config) => (config.flag('use_sliding_window') ? windowSize(config) : null)

/** From layer `max_window_layers` on there may be windows. */
function lateWindows(config: Config, layers: number) {
  const window = windowInUse(config)
  const from = config.number('max_window_layers')
  const sliding = windows(config, layers, (n) => window !== null && n >= from, window)
  return (n: number) => ({ window: sliding[n]! })
}

const headNorms = (config: Config): Partial<AttentionSpec> => ({ qkNorm: { over: 'head', norm: rmsNorm(config) } })

export const qwen2 = llamaLike({
  name: 'qwen2',
  defaults: { ...DEFAULTS, num_key_value_heads: 32, max_window_layers: 28 },
  differs: (config, { layers }) => ({
    attention: { bias: { qkv: true, output: false } },
    layer: lateWindows(config, layers),
  }),
})

export const qwen3 = llamaLike({
  name: 'qwen3',
  defaults: { ...DEFAULTS, num_key_value_heads: 32, head_dim: 128, max_window_layers: 28 },
  differs: (config, { layers }) => ({ attention: headNorms(config), layer: lateWindows(config, layers) }),
})

export const qwen3Moe = llamaLike({
  name: 'qwen3_moe',
  defaults: {
    ...DEFAULTS,
    num_key_value_heads: 4,
    num_experts: 128,
    num_experts_per_tok: 8,
    moe_intermediate_size: 768,
  },
  differs: (config) => {
    // Otherwise some layers have a dense MLP.
    config.refuseUnless('decoder_sparse_step', [undefined, 1])
    config.refuseUnless('mlp_only_layers', [undefined, null, []])
    return {
      attention: headNorms(config),
      mlp: readExperts(config, 'moe_intermediate_size'),
      layer: () => ({ window: windowInUse(config) }),
    }
  },
  rows: {
    mlp: separateExperts({
      router: 'mlp.gate',
      expert: 'mlp.experts',
      gate: 'gate_proj',
      up: 'up_proj',
      down: 'down_proj',
    }),
  },
})
