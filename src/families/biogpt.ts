/** BioGPT: learned positions from row 2 on, embeddings times √width; its layer_norm_eps is read by nobody. */
import { ACTIVATIONS } from './activations.ts'
import { fairseqLayer } from './fairseq.ts'
import { PLAIN, PLAIN_ATTENTION, sameLayers, widthAndHeads } from './plain.ts'
import { norm, ownHead } from './rows.ts'
import type { Family } from './spec.ts'

export const biogpt: Family = {
  name: 'biogpt',
  modelTypes: ['biogpt'],
  spec: (config) => {
    const { width, heads, headDim } = widthAndHeads(config, 'hidden_size', 'num_attention_heads')
    return {
      ...PLAIN,
      family: 'biogpt',
      width,
      vocab: config.size('vocab_size'),
      context: config.size('max_position_embeddings', 1024),
      embedding: { ...PLAIN.embedding, scale: config.flag('scale_embedding', true) ? Math.sqrt(width) : 1 },
      norm: { kind: 'layer', eps: 1e-5, offset: 0, weight: true, bias: true },
      position: { kind: 'learned', offset: 2 },
      attention: { ...PLAIN_ATTENTION, heads, kvHeads: heads, headDim, bias: { qkv: true, output: true } },
      mlp: {
        kind: 'plain',
        activation: config.choice('hidden_act', ACTIVATIONS, 'gelu'),
        hidden: config.size('intermediate_size'),
        bias: true,
      },
      layers: sameLayers(config, 'num_hidden_layers', { window: null, scale: 1 / Math.sqrt(headDim), rope: null }),
      head: config.flag('tie_word_embeddings', true) ? 'tied' : 'own',
    }
  },
  optionalPrefix: 'biogpt.',
  tensors: (spec) => {
    const { width, vocab, context } = spec
    return [
      { target: 'embed', name: 'biogpt.embed_tokens.weight', shape: [vocab, width] },
      { target: 'positions', name: 'biogpt.embed_positions.weight', shape: [context + 2, width] },
      ...fairseqLayer(spec, 'biogpt.layers.#'),
      ...norm('norm', 'biogpt.layer_norm', spec.norm, width),
      ...ownHead(spec, 'output_projection'),
    ]
  },
}
