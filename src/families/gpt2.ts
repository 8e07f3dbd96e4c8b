/** GPT-2: learned positions, LayerNorm, q, k and v in one matrix, weights stored [in, out]. */
import { ACTIVATIONS } from './activations.ts'
import { layerCount, PLAIN, PLAIN_ATTENTION, widthAndHeads } from './plain.ts'
import { linear, norm, ownHead } from './rows.ts'
import type { Family } from './spec.ts'

export const gpt2: Family = {
  name: 'gpt2',
  modelTypes: ['gpt2'],
  spec: (config) => {
    config.refuseUnless('add_cross_attention', [undefined, null, false])
    const { width, heads, headDim } = widthAndHeads(config, 'n_embd', 'n_head')
    const scale = config.flag('scale_attn_weights', true) ? 1 / Math.sqrt(headDim) : 1
    const byLayer = config.flag('scale_attn_by_inverse_layer_idx', false)
    return {
      ...PLAIN,
      family: 'gpt2',
      width,
      vocab: config.size('vocab_size'),
      context: config.size('n_positions'),
      norm: { kind: 'layer', eps: config.positive('layer_norm_epsilon', 1e-5), offset: 0, weight: true, bias: true },
      position: { kind: 'learned', offset: 0 },
      attention: { ...PLAIN_ATTENTION, heads, kvHeads: heads, headDim, bias: { qkv: true, output: true } },
      mlp: {
        kind: 'plain',
        activation: config.choice('activation_function', ACTIVATIONS, 'gelu_new'),
        hidden: config.size('n_inner', 4 * width),
        bias: true,
      },
      layers: Array.from({ length: layerCount(config, 'n_layer') }, (_, n) => ({
        window: null,
        scale: byLayer ? scale / (n + 1) : scale,
        rope: null,
      })),
      head: config.flag('tie_word_embeddings', true) ? 'tied' : 'own',
    }
  },
  optionalPrefix: 'transformer.',
  tensors: (spec) => {
    const { width, vocab, context } = spec
    const { hidden } = spec.mlp
    const stored = { transposed: true }
    return [
      { target: 'embed', name: 'transformer.wte.weight', shape: [vocab, width] },
      { target: 'positions', name: 'transformer.wpe.weight', shape: [context, width] },
      ...norm('attention.norm', 'transformer.h.#.ln_1', spec.norm, width),
      ...linear('attention.qkv', 'transformer.h.#.attn.c_attn', [3 * width, width], true, stored),
      ...linear('attention.output', 'transformer.h.#.attn.c_proj', [width, width], true, stored),
      ...norm('mlp.norm', 'transformer.h.#.ln_2', spec.norm, width),
      ...linear('mlp.up', 'transformer.h.#.mlp.c_fc', [hidden, width], true, stored),
      ...linear('mlp.down', 'transformer.h.#.mlp.c_proj', [width, hidden], true, stored),
      ...norm('norm', 'transformer.ln_f', spec.norm, width),
      ...ownHead(spec),
    ]
  },
}
