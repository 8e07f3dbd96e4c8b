/** GPT-2: learned positions, LayerNorm, one matrix for q, k and v, weights stored [in, out]. */
import { ACTIVATIONS } from './activations.ts'
import type { Family } from './spec.ts'

export const gpt2: Family = {
  name: 'gpt2',
  modelTypes: ['gpt2'],
  spec: (config) => {
    const width = config.size('n_embd')
    const heads = config.size('n_head')
    config.require(width % heads === 0, 'n_embd', `a multiple of n_head (${heads})`)
    const headDim = width / heads
    config.refuseUnless('scale_attn_by_inverse_layer_idx', [undefined, null, false])
    config.refuseUnless('add_cross_attention', [undefined, null, false])
    return {
      family: 'gpt2',
      layers: config.size('n_layer', undefined, 1024),
      width,
      vocab: config.size('vocab_size'),
      context: config.size('n_positions'),
      norm: { kind: 'layer', eps: config.positive('layer_norm_epsilon', 1e-5) },
      position: { kind: 'learned' },
      attention: {
        heads,
        kvHeads: heads,
        headDim,
        scale: config.flag('scale_attn_weights', true) ? 1 / Math.sqrt(headDim) : 1,
        window: null,
        bias: { qkv: true, output: true },
      },
      mlp: {
        kind: 'plain',
        activation: config.choice('activation_function', ACTIVATIONS, 'gelu_new'),
        hidden: config.size('n_inner', 4 * width),
        bias: true,
      },
      head: config.flag('tie_word_embeddings', true) ? 'tied' : 'own',
    }
  },
  optionalPrefix: 'transformer.',
  tensors: ({ width, vocab, context, mlp: { hidden }, head }) => [
    { target: 'embed', name: 'transformer.wte.weight', shape: [vocab, width] },
    { target: 'positions', name: 'transformer.wpe.weight', shape: [context, width] },
    { target: 'attention.norm.weight', name: 'transformer.h.#.ln_1.weight', shape: [width] },
    { target: 'attention.norm.bias', name: 'transformer.h.#.ln_1.bias', shape: [width] },
    {
      target: 'attention.qkv',
      name: 'transformer.h.#.attn.c_attn.weight',
      shape: [width, 3 * width],
      transposed: true,
    },
    { target: 'attention.qkv.bias', name: 'transformer.h.#.attn.c_attn.bias', shape: [3 * width] },
    { target: 'attention.output', name: 'transformer.h.#.attn.c_proj.weight', shape: [width, width], transposed: true },
    { target: 'attention.output.bias', name: 'transformer.h.#.attn.c_proj.bias', shape: [width] },
    { target: 'mlp.norm.weight', name: 'transformer.h.#.ln_2.weight', shape: [width] },
    { target: 'mlp.norm.bias', name: 'transformer.h.#.ln_2.bias', shape: [width] },
    { target: 'mlp.up', name: 'transformer.h.#.mlp.c_fc.weight', shape: [width, hidden], transposed: true },
    { target: 'mlp.up.bias', name: 'transformer.h.#.mlp.c_fc.bias', shape: [hidden] },
    { target: 'mlp.down', name: 'transformer.h.#.mlp.c_proj.weight', shape: [hidden, width], transposed: true },
    { target: 'mlp.down.bias', name: 'transformer.h.#.mlp.c_proj.bias', shape: [width] },
    { target: 'norm.weight', name: 'transformer.ln_f.weight', shape: [width] },
    { target: 'norm.bias', name: 'transformer.ln_f.bias', shape: [width] },
    ...(head === 'own' ? ([{ target: 'head', name: 'lm_head.weight', shape: [vocab, width] }] as const) : []),
  ],
}
