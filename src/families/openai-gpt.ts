/** GPT-1: GPT-2 with each norm after its sublayer and none before the logits; its "gelu" is the tanh form. */
import { PLAIN, PLAIN_ATTENTION, sameLayers, widthAndHeads } from './plain.ts'
import { linear, norm, ownHead } from './rows.ts'
import type { Family } from './spec.ts'

const ACTIVATIONS = { gelu: 'gelu-tanh', relu: 'relu', silu: 'silu', swish: 'silu' } as const

export const openaiGpt: Family = {
  name: 'openai-gpt',
  modelTypes: ['openai-gpt'],
  spec: (config) => {
    const { width, heads, headDim } = widthAndHeads(config, 'n_embd', 'n_head')
    return {
      ...PLAIN,
      family: 'openai-gpt',
      width,
      vocab: config.size('vocab_size'),
      context: config.size('n_positions'),
      norm: { kind: 'layer', eps: config.positive('layer_norm_epsilon', 1e-5), offset: 0, weight: true, bias: true },
      normPlacement: 'after',
      finalNorm: false,
      position: { kind: 'learned', offset: 0 },
      attention: { ...PLAIN_ATTENTION, heads, kvHeads: heads, headDim, bias: { qkv: true, output: true } },
      mlp: { kind: 'plain', activation: config.choice('afn', ACTIVATIONS, 'gelu'), hidden: 4 * width, bias: true },
      layers: sameLayers(config, 'n_layer', { window: null, scale: 1 / Math.sqrt(headDim), rope: null }),
      head: config.flag('tie_word_embeddings', true) ? 'tied' : 'own',
    }
  },
  optionalPrefix: 'transformer.',
  tensors: (spec) => {
    const { width, vocab, context } = spec
    const { hidden } = spec.mlp
    const stored = { transposed: true }
    return [
      { target: 'embed', name: 'transformer.tokens_embed.weight', shape: [vocab, width] },
      { target: 'positions', name: 'transformer.positions_embed.weight', shape: [context, width] },
      ...linear('attention.qkv', 'transformer.h.#.attn.c_attn', [3 * width, width], true, stored),
      ...linear('attention.output', 'transformer.h.#.attn.c_proj', [width, width], true, stored),
      ...norm('attention.norm', 'transformer.h.#.ln_1', spec.norm, width),
      ...linear('mlp.up', 'transformer.h.#.mlp.c_fc', [hidden, width], true, stored),
      ...linear('mlp.down', 'transformer.h.#.mlp.c_proj', [width, hidden], true, stored),
      ...norm('mlp.norm', 'transformer.h.#.ln_2', spec.norm, width),
      ...ownHead(spec),
    ]
  },
}
