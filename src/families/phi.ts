/** Phi-1, 1.5, 2: attention and MLP side by side after one norm, part of each head turns, biases everywhere. */
import { ACTIVATIONS } from './activations.ts'
import { PLAIN, PLAIN_ATTENTION, sameLayers, widthAndHeads } from './plain.ts'
import { ropePosition } from './rope.ts'
import { linear, norm, ownHead, separateQkv } from './rows.ts'
import type { Family } from './spec.ts'

export const phi: Family = {
  name: 'phi',
  modelTypes: ['phi'],
  spec: (config) => {
    config.refuseUnless('qk_layernorm', [undefined, null, false])
    const { width, heads, headDim } = widthAndHeads(config, 'hidden_size', 'num_attention_heads')
    const kvHeads = config.size('num_key_value_heads', heads)
    config.require(heads % kvHeads === 0, 'num_key_value_heads', `a divisor of num_attention_heads (${heads})`)
    const context = config.size('max_position_embeddings', 2048)
    return {
      ...PLAIN,
      family: 'phi',
      width,
      vocab: config.size('vocab_size'),
      context,
      norm: { kind: 'layer', eps: config.positive('layer_norm_eps', 1e-5), offset: 0, weight: true, bias: true },
      residual: 'parallel-shared',
      position: ropePosition(config, context, headDim, { partial: ['partial_rotary_factor', 0.5] }),
      attention: { ...PLAIN_ATTENTION, heads, kvHeads, headDim, bias: { qkv: true, output: true } },
      mlp: {
        kind: 'plain',
        activation: config.choice('hidden_act', ACTIVATIONS, 'gelu_new'),
        hidden: config.size('intermediate_size'),
        bias: true,
      },
      layers: sameLayers(config, 'num_hidden_layers', { window: null, scale: 1 / Math.sqrt(headDim), rope: 0 }),
      head: config.flag('tie_word_embeddings', false) ? 'tied' : 'own',
      logits: { ...PLAIN.logits, bias: true },
    }
  },
  optionalPrefix: 'model.',
  tensors: (spec) => {
    const { width, vocab } = spec
    const { hidden } = spec.mlp
    const layer = 'model.layers.#'
    const self = `${layer}.self_attn`
    return [
      { target: 'embed', name: 'model.embed_tokens.weight', shape: [vocab, width] },
      ...norm('attention.norm', `${layer}.input_layernorm`, spec.norm, width),
      ...separateQkv(spec, `${self}.q_proj`, `${self}.k_proj`, `${self}.v_proj`),
      ...linear('attention.output', `${self}.dense`, [width, width], true),
      ...linear('mlp.up', `${layer}.mlp.fc1`, [hidden, width], true),
      ...linear('mlp.down', `${layer}.mlp.fc2`, [width, hidden], true),
      ...norm('norm', 'model.final_layernorm', spec.norm, width),
      ...ownHead(spec),
    ]
  },
}
