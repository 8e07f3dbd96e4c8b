/** Phi-3, 3.5 and 4: q, k and v in one matrix, gate and up in another, longrope, maybe a window; 4 turns part of each head. */
import { llamaLike, windowSize } from './llama-like.ts'
import { fusedGated, fusedQkv } from './llama-rows.ts'
import { ropePosition } from './rope.ts'

export const phi3 = llamaLike({
  name: 'phi3',
  defaults: { max_position_embeddings: 4096, original_max_position_embeddings: 4096, rms_norm_eps: 1e-5 },
  differs: (config, { context, headDim }) => ({
    position: ropePosition(config, context, headDim, { partial: ['partial_rotary_factor', 1] }),
    attention: { bias: { qkv: false, output: false } },
    layer: () => ({ window: windowSize(config) }),
  }),
  rows: { qkv: fusedQkv, mlp: fusedGated },
})
