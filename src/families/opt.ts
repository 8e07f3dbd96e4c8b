/** OPT: learned positions from row 2 on, ReLU; 350M has its norms after the sublayers and narrower embeddings. */
import { ACTIVATIONS } from './activations.ts'
import { fairseqLayer } from './fairseq.ts'
import { PLAIN, PLAIN_ATTENTION, sameLayers, widthAndHeads } from './plain.ts'
import { norm, ownHead } from './rows.ts'
import type { Family } from './spec.ts'

export const opt: Family = {
  name: 'opt',
  modelTypes: ['opt'],
  spec: (config) => {
    const { width, heads, headDim } = widthAndHeads(config, 'hidden_size', 'num_attention_heads')
    const embeddingWidth = config.size('word_embed_proj_dim', width)
    const bias = config.flag('enable_bias', true)
    const before = config.flag('do_layer_norm_before', true)
    const affine = config.flag('layer_norm_elementwise_affine', true)
    return {
      ...PLAIN,
      family: 'opt',
      width,
      vocab: config.size('vocab_size'),
      context: config.size('max_position_embeddings'),
      embedding: { ...PLAIN.embedding, width: embeddingWidth === width ? null : embeddingWidth },
      norm: { kind: 'layer', eps: 1e-5, offset: 0, weight: affine, bias: affine },
      normPlacement: before ? 'before' : 'after',
      finalNorm: before && !config.flag('_remove_final_layer_norm', false),
      position: { kind: 'learned', offset: 2 },
      attention: { ...PLAIN_ATTENTION, heads, kvHeads: heads, headDim, bias: { qkv: bias, output: bias } },
      mlp: {
        kind: 'plain',
        activation: config.choice('activation_function', ACTIVATIONS, 'relu'),
        hidden: config.size('ffn_dim', 3072),
        bias,
      },
      layers: sameLayers(config, 'num_hidden_layers', { window: null, scale: 1 / Math.sqrt(headDim), rope: null }),
      head: config.flag('tie_word_embeddings', true) ? 'tied' : 'own',
    }
  },
  optionalPrefix: 'model.',
  tensors: (spec) => {
    const { width, vocab, context, embedding } = spec
    const narrow = embedding.width ?? width
    return [
      { target: 'embed', name: 'model.decoder.embed_tokens.weight', shape: [vocab, narrow] },
      { target: 'positions', name: 'model.decoder.embed_positions.weight', shape: [context + 2, width] },
      ...(embedding.width === null
        ? []
        : ([
            { target: 'embed.projection', name: 'model.decoder.project_in.weight', shape: [width, narrow] },
            { target: 'head.projection', name: 'model.decoder.project_out.weight', shape: [narrow, width] },
          ] as const)),
      ...fairseqLayer(spec, 'model.decoder.layers.#'),
      ...(spec.finalNorm ? norm('norm', 'model.decoder.final_layer_norm', spec.norm, width) : []),
      ...ownHead(spec),
    ]
  },
}
