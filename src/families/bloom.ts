/** BLOOM: ALiBi, a norm on the embeddings, q, k and v of each head together; made for any length. */
import { alibiSlopes } from './alibi.ts'
import { grouped } from './fused-qkv.ts'
import { PLAIN, PLAIN_ATTENTION, sameLayers, widthAndHeads } from './plain.ts'
import { linear, norm, ownHead } from './rows.ts'
import type { Family } from './spec.ts'

export const bloom: Family = {
  name: 'bloom',
  modelTypes: ['bloom'],
  spec: (config) => {
    config.refuseUnless('apply_residual_connection_post_layernorm', [undefined, null, false])
    const widthField = config.either('n_embed', 'hidden_size')
    const headsField = config.either('n_head', 'num_attention_heads')
    const { width, heads, headDim } = widthAndHeads(config, widthField, headsField)
    const scale = 1 / Math.sqrt(headDim)
    return {
      ...PLAIN,
      family: 'bloom',
      width,
      vocab: config.size('vocab_size'),
      context: config.size('seq_length', 2048), // what it was trained on
      embedding: { ...PLAIN.embedding, norm: true },
      norm: { kind: 'layer', eps: config.positive('layer_norm_epsilon', 1e-5), offset: 0, weight: true, bias: true },
      position: { kind: 'alibi', slopes: alibiSlopes(heads) },
      attention: { ...PLAIN_ATTENTION, heads, kvHeads: heads, headDim, bias: { qkv: true, output: true } },
      mlp: { kind: 'plain', activation: 'gelu-tanh', hidden: 4 * width, bias: true },
      layers: sameLayers(config, config.either('n_layer', 'num_hidden_layers'), { window: null, scale, rope: null }),
      head: config.flag('tie_word_embeddings', true) ? 'tied' : 'own',
    }
  },
  optionalPrefix: 'transformer.',
  tensors: (spec) => {
    const { width, vocab, attention } = spec
    const { hidden } = spec.mlp
    const layer = 'transformer.h.#'
    return [
      { target: 'embed', name: 'transformer.word_embeddings.weight', shape: [vocab, width] },
      ...norm('embed.norm', 'transformer.word_embeddings_layernorm', spec.norm, width),
      ...norm('attention.norm', `${layer}.input_layernorm`, spec.norm, width),
      ...linear(
        'attention.qkv',
        `${layer}.self_attention.query_key_value`,
        [3 * width, width],
        true,
        grouped(attention),
      ),
      ...linear('attention.output', `${layer}.self_attention.dense`, [width, width], true),
      ...norm('mlp.norm', `${layer}.post_attention_layernorm`, spec.norm, width),
      ...linear('mlp.up', `${layer}.mlp.dense_h_to_4h`, [hidden, width], true),
      ...linear('mlp.down', `${layer}.mlp.dense_4h_to_h`, [width, hidden], true),
      ...norm('norm', 'transformer.ln_f', spec.norm, width),
      ...ownHead(spec),
    ]
  },
}
