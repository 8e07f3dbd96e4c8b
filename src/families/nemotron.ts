/** Nemotron, Minitron: LayerNorm of 1 + w, ReLU² in a plain MLP, part of each head turns. */
import { dense, llamaLike } from './llama-like.ts'
import { ungated } from './llama-rows.ts'
import { ropePosition } from './rope.ts'

export const nemotron = llamaLike({
  name: 'nemotron',
  defaults: { hidden_act: 'relu2', max_position_embeddings: 4096 },
  differs: (config, { context, headDim }) => ({
    norm: { kind: 'layer', eps: config.positive('norm_eps', 1e-5), offset: 1, weight: true, bias: true },
    position: ropePosition(config, context, headDim, { partial: ['partial_rotary_factor', 0.5] }),
    mlp: dense(config, 'plain'),
  }),
  rows: { mlp: ungated('up_proj', 'down_proj') },
})
