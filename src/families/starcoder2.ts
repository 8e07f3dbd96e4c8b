/** StarCoder 2: LayerNorm, biases everywhere, a plain MLP, maybe a window. */
import { dense, llamaLike, windowSize } from './llama-like.ts'
import { ungated } from './llama-rows.ts'

export const starcoder2 = llamaLike({
  name: 'starcoder2',
  defaults: {
    num_key_value_heads: 2,
    hidden_act: 'gelu_pytorch_tanh',
    max_position_embeddings: 4096,
    tie_word_embeddings: true,
  },
  differs: (config) => {
    const bias = config.flag('use_bias', true)
    return {
      norm: { kind: 'layer', eps: config.positive('norm_epsilon', 1e-5), offset: 0, weight: true, bias: true },
      attention: { bias: { qkv: bias, output: bias } },
      mlp: { ...dense(config, 'plain'), bias },
      layer: () => ({ window: windowSize(config) }),
    }
  },
  rows: { mlp: ungated('c_fc', 'c_proj') },
})
