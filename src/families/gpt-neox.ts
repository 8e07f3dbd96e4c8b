/** GPT-NeoX, Pythia: part of each head turns, attention and MLP side by side, q, k and v of each head together. */
import { ACTIVATIONS } from './activations.ts'
import { grouped } from './fused-qkv.ts'
import { PLAIN, PLAIN_ATTENTION, sameLayers, widthAndHeads } from './plain.ts'
import { ropePosition } from './rope.ts'
import { linear, norm, ownHead } from './rows.ts'
import type { Family } from './spec.ts'

export const gptNeox: Family = {
  name: 'gpt_neox',
  modelTypes: ['gpt_neox'],
  spec: (config) => {
    const { width, heads, headDim } = widthAndHeads(config, 'hidden_size', 'num_attention_heads')
    const context = config.size('max_position_embeddings', 2048)
    const bias = config.flag('attention_bias', true)
    return {
      ...PLAIN,
      family: 'gpt_neox',
      width,
      vocab: config.size('vocab_size'),
      context,
      norm: { kind: 'layer', eps: config.positive('layer_norm_eps', 1e-5), offset: 0, weight: true, bias: true },
      residual: config.flag('use_parallel_residual', true) ? 'parallel' : 'sequential',
      position: ropePosition(config, context, headDim, { partial: ['rotary_pct', 0.25], base: 'rotary_emb_base' }),
      attention: { ...PLAIN_ATTENTION, heads, kvHeads: heads, headDim, bias: { qkv: bias, output: bias } },
      mlp: {
        kind: 'plain',
        activation: config.choice('hidden_act', ACTIVATIONS, 'gelu'),
        hidden: config.size('intermediate_size'),
        bias: true,
      },
      layers: sameLayers(config, 'num_hidden_layers', { window: null, scale: 1 / Math.sqrt(headDim), rope: 0 }),
      head: config.flag('tie_word_embeddings', false) ? 'tied' : 'own',
    }
  },
  optionalPrefix: 'gpt_neox.',
  tensors: (spec) => {
    const { width, vocab, attention } = spec
    const { hidden } = spec.mlp
    const layer = 'gpt_neox.layers.#'
    return [
      { target: 'embed', name: 'gpt_neox.embed_in.weight', shape: [vocab, width] },
      ...norm('attention.norm', `${layer}.input_layernorm`, spec.norm, width),
      ...linear(
        'attention.qkv',
        `${layer}.attention.query_key_value`,
        [3 * width, width],
        attention.bias.qkv,
        grouped(attention),
      ),
      ...linear('attention.output', `${layer}.attention.dense`, [width, width], attention.bias.output),
      ...norm('mlp.norm', `${layer}.post_attention_layernorm`, spec.norm, width),
      ...linear('mlp.up', `${layer}.mlp.dense_h_to_4h`, [hidden, width], true),
      ...linear('mlp.down', `${layer}.mlp.dense_4h_to_h`, [width, hidden], true),
      ...norm('norm', 'gpt_neox.final_layer_norm', spec.norm, width),
      ...ownHead(spec, 'embed_out'),
    ]
  },
}
