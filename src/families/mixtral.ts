/** Mixtral: Mistral with experts, whose matrices are called w1 (gate), w3 (up) and w2 (down). */
import { readExperts, separateExperts } from './experts.ts'
import { llamaLike, windowSize } from './llama-like.ts'

export const mixtral = llamaLike({
  name: 'mixtral',
  defaults: {
    num_key_value_heads: 8,
    max_position_embeddings: 131_072,
    rms_norm_eps: 1e-5,
    rope_theta: 1_000_000,
    num_experts: 8,
    num_experts_per_tok: 2,
  },
  differs: (config) => ({
    mlp: { ...readExperts(config), softmaxOver: 'active' },
    layer: () => ({ window: windowSize(config) }),
  }),
  rows: {
    mlp: separateExperts({
      router: 'block_sparse_moe.gate',
      expert: 'block_sparse_moe.experts',
      gate: 'w1',
      up: 'w3',
      down: 'w2',
    }),
  },
})
