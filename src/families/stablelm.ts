/** StableLM: LayerNorm, part of each head turns; maybe a norm for each head of q and k, and MLP beside attention. */
import { llamaLike } from './llama-like.ts'
import { separateQkNorms } from './llama-rows.ts'
import { ropePosition } from './rope.ts'

export const stablelm = llamaLike({
  name: 'stablelm',
  defaults: { num_key_value_heads: 32, max_position_embeddings: 4096 },
  differs: (config, { context, headDim }) => {
    const norm = { kind: 'layer', eps: config.positive('layer_norm_eps', 1e-5), offset: 0, weight: true } as const
    return {
      norm: { ...norm, bias: true },
      residual: config.flag('use_parallel_residual', false) ? 'parallel-shared' : 'sequential',
      position: ropePosition(config, context, headDim, { partial: ['partial_rotary_factor', 0.25] }),
      attention: {
        bias: { qkv: config.flag('use_qkv_bias', false), output: false },
        qkNorm: config.flag('qk_layernorm', false) ? { over: 'heads', norm: { ...norm, bias: false } } : null,
      },
    }
  },
  rows: { qkNorms: separateQkNorms },
})
