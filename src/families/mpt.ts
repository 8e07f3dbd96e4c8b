/** MPT: ALiBi, no biases at all, an MLP four times the width whatever expansion_ratio says. */
import { alibiSlopes } from './alibi.ts'
import type { Config } from './config.ts'
import { PLAIN, PLAIN_ATTENTION, sameLayers, widthAndHeads } from './plain.ts'
import { linear, norm, ownHead } from './rows.ts'
import type { Family } from './spec.ts'

export const mpt: Family = {
  name: 'mpt',
  modelTypes: ['mpt'],
  spec: (config) => {
    config.refuseUnless('no_bias', [undefined, null, true])
    config.refuseUnless('norm_type', [undefined, null, 'low_precision_layernorm', 'layernorm'])
    config.refuseUnless('logit_scale', [undefined, null])
    const { width, heads, headDim } = widthAndHeads(config, 'd_model', 'n_heads')
    const { clip, scale } = attentionOf(config, headDim)
    return {
      ...PLAIN,
      family: 'mpt',
      width,
      vocab: config.size('vocab_size'),
      context: config.size('max_seq_len', 2048),
      norm: { kind: 'layer', eps: config.positive('layer_norm_epsilon', 1e-5), offset: 0, weight: true, bias: false },
      position: { kind: 'alibi', slopes: alibiSlopes(heads) },
      attention: { ...PLAIN_ATTENTION, heads, kvHeads: heads, headDim, clip, bias: { qkv: false, output: false } },
      mlp: { kind: 'plain', activation: 'gelu', hidden: 4 * width, bias: false },
      layers: sameLayers(config, 'n_layers', { window: null, scale, rope: null }),
      head: config.flag('tie_word_embeddings', true) ? 'tied' : 'own',
    }
  },
  optionalPrefix: 'transformer.',
  tensors: (spec) => {
    const { width, vocab } = spec
    const { hidden } = spec.mlp
    return [
      { target: 'embed', name: 'transformer.wte.weight', shape: [vocab, width] },
      ...norm('attention.norm', 'transformer.blocks.#.norm_1', spec.norm, width),
      ...linear('attention.qkv', 'transformer.blocks.#.attn.Wqkv', [3 * width, width], false),
      ...linear('attention.output', 'transformer.blocks.#.attn.out_proj', [width, width], false),
      ...norm('mlp.norm', 'transformer.blocks.#.norm_2', spec.norm, width),
      ...linear('mlp.up', 'transformer.blocks.#.ffn.up_proj', [hidden, width], false),
      ...linear('mlp.down', 'transformer.blocks.#.ffn.down_proj', [width, hidden], false),
      ...norm('norm', 'transformer.norm_f', spec.norm, width),
      ...ownHead(spec),
    ]
  },
}

/** `attn_config`, which may be missing. */
function attentionOf(config: Config, headDim: number): { clip: number; scale: number } {
  const usual = 1 / Math.sqrt(headDim)
  if (!config.has('attn_config')) return { clip: 0, scale: usual }
  const attention = config.object('attn_config')
  attention.refuseUnless('attn_type', [undefined, null, 'multihead_attention'])
  attention.refuseUnless('alibi', [undefined, null, true]) // the reference adds it whatever this says
  attention.refuseUnless('alibi_bias_max', [undefined, null, 8])
  attention.refuseUnless('qk_ln', [undefined, null, false])
  attention.refuseUnless('prefix_lm', [undefined, null, false])
  const clip = attention.number('clip_qkv', 0)
  attention.require(clip >= 0, 'clip_qkv', 'a number from 0')
  return { clip, scale: attention.positive('softmax_scale', usual) }
}
