/**
 * Falcon, in three forms: 7B has one key and value head and one norm for attention and MLP side by side; 40B
 * (new_decoder_architecture) shares keys and values in groups, with one norm or two; RW has them one after the other,
 * with ALiBi, which is scaled with the scores.
 */
import { ACTIVATIONS } from './activations.ts'
import { alibiSlopes } from './alibi.ts'
import type { Config } from './config.ts'
import { grouped } from './fused-qkv.ts'
import { PLAIN, PLAIN_ATTENTION, sameLayers, widthAndHeads } from './plain.ts'
import { ropePosition } from './rope.ts'
import { linear, norm, ownHead } from './rows.ts'
import type { DecoderSpec, Family } from './spec.ts'

export const falcon: Family = {
  name: 'falcon',
  modelTypes: ['falcon'],
  spec: (config) => {
    const widthField = config.either('n_embed', 'hidden_size')
    const { width, heads, headDim } = widthAndHeads(config, widthField, 'num_attention_heads')
    const shared = config.flag('new_decoder_architecture', false)
    const kvHeads = shared ? config.size('num_kv_heads', heads) : config.flag('multi_query', true) ? 1 : heads
    config.require(heads % kvHeads === 0, 'num_kv_heads', `a divisor of num_attention_heads (${heads})`)
    const context = config.size('max_position_embeddings', 2048)
    const bias = config.flag('bias', false)
    const alibi = config.flag('alibi', false)
    const scale = 1 / Math.sqrt(headDim)
    return {
      ...PLAIN,
      family: 'falcon',
      width,
      vocab: config.size('vocab_size'),
      context,
      norm: { kind: 'layer', eps: config.positive('layer_norm_epsilon', 1e-5), offset: 0, weight: true, bias: true },
      residual: residualOf(config, shared),
      position: alibi
        ? { kind: 'alibi', slopes: alibiSlopes(heads).map((slope) => slope * scale) }
        : ropePosition(config, context, headDim),
      attention: { ...PLAIN_ATTENTION, heads, kvHeads, headDim, bias: { qkv: bias, output: bias } },
      mlp: {
        kind: 'plain',
        activation: config.choice('activation', ACTIVATIONS, 'gelu'),
        hidden: config.size('ffn_hidden_size', 4 * width),
        bias,
      },
      layers: sameLayers(config, 'num_hidden_layers', { window: null, scale, rope: alibi ? null : 0 }),
      head: config.flag('tie_word_embeddings', true) ? 'tied' : 'own',
    }
  },
  optionalPrefix: 'transformer.',
  tensors: (spec) => {
    const { width, vocab, attention, mlp } = spec
    const { heads, kvHeads, headDim, bias } = attention
    const layer = 'transformer.h.#'
    const [before, beforeMlp] =
      spec.residual === 'parallel' ? ['ln_attn', 'ln_mlp'] : ['input_layernorm', 'post_attention_layernorm']
    return [
      { target: 'embed', name: 'transformer.word_embeddings.weight', shape: [vocab, width] },
      ...norm('attention.norm', `${layer}.${before}`, spec.norm, width),
      ...linear(
        'attention.qkv',
        `${layer}.self_attention.query_key_value`,
        [(heads + 2 * kvHeads) * headDim, width],
        bias.qkv,
        grouped(attention),
      ),
      ...linear('attention.output', `${layer}.self_attention.dense`, [width, width], bias.output),
      ...(spec.residual === 'parallel-shared' ? [] : norm('mlp.norm', `${layer}.${beforeMlp}`, spec.norm, width)),
      ...linear('mlp.up', `${layer}.mlp.dense_h_to_4h`, [mlp.hidden, width], mlp.bias),
      ...linear('mlp.down', `${layer}.mlp.dense_4h_to_h`, [width, mlp.hidden], mlp.bias),
      ...norm('norm', 'transformer.ln_f', spec.norm, width),
      ...ownHead(spec),
    ]
  },
}

/** Two norms only where attention and MLP stand side by side and keys are grouped. */
function residualOf(config: Config, shared: boolean): DecoderSpec['residual'] {
  const parallel = config.flag('parallel_attn', true)
  if (!shared) {
    if (parallel) config.refuseUnless('num_ln_in_parallel_attn', [undefined, null, 1])
    return parallel ? 'parallel-shared' : 'sequential'
  }
  config.refuseUnless('parallel_attn', [undefined, null, true])
  config.refuseUnless('num_ln_in_parallel_attn', [undefined, null, 1, 2])
  return config.number('num_ln_in_parallel_attn', 2) === 2 ? 'parallel' : 'parallel-shared'
}
