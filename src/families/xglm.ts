/** XGLM: positions are sines and cosines, computed, from row 2 on; embeddings times √width. */
import { ACTIVATIONS } from './activations.ts'
import { fairseqLayer } from './fairseq.ts'
import { PLAIN, PLAIN_ATTENTION, sameLayers, widthAndHeads } from './plain.ts'
import { norm, ownHead } from './rows.ts'
import type { Family } from './spec.ts'

export const xglm: Family = {
  name: 'xglm',
  modelTypes: ['xglm'],
  spec: (config) => {
    config.refuseUnless('add_cross_attention', [undefined, null, false])
    // The row of the padding token is zero: from 2 on, that would be a position.
    config.refuseUnless('pad_token_id', [undefined, null, 0, 1])
    const { width, heads, headDim } = widthAndHeads(config, 'd_model', 'attention_heads')
    config.require(width % 2 === 0 && width > 2, 'd_model', 'an even number above 2: sines and cosines')
    const half = width / 2
    return {
      ...PLAIN,
      family: 'xglm',
      width,
      vocab: config.size('vocab_size'),
      context: config.size('max_position_embeddings', 2048),
      embedding: { ...PLAIN.embedding, scale: config.flag('scale_embedding', true) ? Math.sqrt(width) : 1 },
      norm: { kind: 'layer', eps: 1e-5, offset: 0, weight: true, bias: true },
      position: {
        kind: 'sinusoidal',
        frequencies: Array.from({ length: half }, (_, i) => 10_000 ** (-i / (half - 1))),
        offset: 2,
      },
      attention: { ...PLAIN_ATTENTION, heads, kvHeads: heads, headDim, bias: { qkv: true, output: true } },
      mlp: {
        kind: 'plain',
        activation: config.choice('activation_function', ACTIVATIONS, 'gelu'),
        hidden: config.size('ffn_dim'),
        bias: true,
      },
      layers: sameLayers(config, 'num_layers', { window: null, scale: 1 / Math.sqrt(headDim), rope: null }),
      head: config.flag('tie_word_embeddings', true) ? 'tied' : 'own',
    }
  },
  optionalPrefix: 'model.',
  tensors: (spec) => [
    { target: 'embed', name: 'model.embed_tokens.weight', shape: [spec.vocab, spec.width] },
    ...fairseqLayer(spec, 'model.layers.#'),
    ...norm('norm', 'model.layer_norm', spec.norm, spec.width),
    ...ownHead(spec),
  ],
}
