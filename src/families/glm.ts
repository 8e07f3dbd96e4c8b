/** GLM-4, GLM-Edge: Llama whose neighbouring pairs turn, on half of each head, with gate and up in one matrix. */
import { llamaLike } from './llama-like.ts'
import { fusedGated } from './llama-rows.ts'
import { ropePosition } from './rope.ts'

export const glm = llamaLike({
  name: 'glm',
  defaults: {
    num_key_value_heads: 2,
    head_dim: 128,
    max_position_embeddings: 131_072,
    rms_norm_eps: 1.5625e-7,
    attention_bias: true,
  },
  differs: (config, { context, headDim }) => ({
    position: ropePosition(config, context, headDim, {
      pairing: 'interleaved',
      partial: ['partial_rotary_factor', 0.5],
    }),
    attention: { bias: { qkv: config.flag('attention_bias'), output: false } },
  }),
  rows: { mlp: fusedGated },
})
