/** GPT-2 with one key and value head for all queries (or, with multi_query false, q, k and v of each head together). */
import { ACTIVATIONS } from './activations.ts'
import { grouped } from './fused-qkv.ts'
import { PLAIN, PLAIN_ATTENTION, sameLayers, widthAndHeads } from './plain.ts'
import { linear, norm, ownHead } from './rows.ts'
import type { Family } from './spec.ts'

export const gptBigcode: Family = {
  name: 'gpt_bigcode',
  modelTypes: ['gpt_bigcode'],
  spec: (config) => {
    config.refuseUnless('add_cross_attention', [undefined, null, false])
    const { width, heads, headDim } = widthAndHeads(config, 'n_embd', 'n_head')
    const kvHeads = config.flag('multi_query', true) ? 1 : heads
    const scale = config.flag('scale_attn_weights', true) ? 1 / Math.sqrt(headDim) : 1
    return {
      ...PLAIN,
      family: 'gpt_bigcode',
      width,
      vocab: config.size('vocab_size'),
      context: config.size('n_positions'),
      norm: { kind: 'layer', eps: config.positive('layer_norm_epsilon', 1e-5), offset: 0, weight: true, bias: true },
      position: { kind: 'learned', offset: 0 },
      attention: { ...PLAIN_ATTENTION, heads, kvHeads, headDim, bias: { qkv: true, output: true } },
      mlp: {
        kind: 'plain',
        activation: config.choice('activation_function', ACTIVATIONS, 'gelu_pytorch_tanh'),
        hidden: config.size('n_inner', 4 * width),
        bias: true,
      },
      layers: sameLayers(config, 'n_layer', { window: null, scale, rope: null }),
      head: config.flag('tie_word_embeddings', true) ? 'tied' : 'own',
    }
  },
  optionalPrefix: 'transformer.',
  tensors: (spec) => {
    const { width, vocab, context, attention } = spec
    const { hidden } = spec.mlp
    const qkv = width + 2 * attention.kvHeads * attention.headDim
    return [
      { target: 'embed', name: 'transformer.wte.weight', shape: [vocab, width] },
      { target: 'positions', name: 'transformer.wpe.weight', shape: [context, width] },
      ...norm('attention.norm', 'transformer.h.#.ln_1', spec.norm, width),
      ...linear('attention.qkv', 'transformer.h.#.attn.c_attn', [qkv, width], true, grouped(attention)),
      ...linear('attention.output', 'transformer.h.#.attn.c_proj', [width, width], true),
      ...norm('mlp.norm', 'transformer.h.#.ln_2', spec.norm, width),
      ...linear('mlp.up', 'transformer.h.#.mlp.c_fc', [hidden, width], true),
      ...linear('mlp.down', 'transformer.h.#.mlp.c_proj', [width, hidden], true),
      ...norm('norm', 'transformer.ln_f', spec.norm, width),
      ...ownHead(spec),
    ]
  },
}
