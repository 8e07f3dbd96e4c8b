/** Llama: RMSNorm, rotary positions, grouped-query attention, gated MLP. */
import { ACTIVATIONS } from './activations.ts'
import { readRope, ropeFrequencies } from './rope.ts'
import type { Family, TensorRow } from './spec.ts'

export const llama: Family = {
  name: 'llama',
  modelTypes: ['llama'],
  spec: (config) => {
    const width = config.size('hidden_size')
    const heads = config.size('num_attention_heads')
    const kvHeads = config.size('num_key_value_heads', heads)
    config.require(heads % kvHeads === 0, 'num_key_value_heads', `a divisor of num_attention_heads (${heads})`)
    config.require(
      config.has('head_dim') || width % heads === 0,
      'hidden_size',
      `a multiple of num_attention_heads (${heads})`,
    )
    const headDim = config.size('head_dim', Math.floor(width / heads))
    config.require(headDim % 2 === 0, 'head_dim', 'an even number: rotary positions turn pairs')
    config.refuseUnless('partial_rotary_factor', [undefined, null, 1])
    const context = config.size('max_position_embeddings')
    const { theta, scaling } = readRope(config, context)
    const attentionBias = config.flag('attention_bias', false)
    return {
      family: 'llama',
      layers: config.size('num_hidden_layers', undefined, 1024),
      width,
      vocab: config.size('vocab_size'),
      context,
      norm: { kind: 'rms', eps: config.positive('rms_norm_eps', 1e-6) },
      position: { kind: 'rope', rotaryDim: headDim, pairing: 'half', ...ropeFrequencies(theta, headDim, scaling) },
      attention: {
        heads,
        kvHeads,
        headDim,
        scale: 1 / Math.sqrt(headDim),
        window: null,
        bias: { qkv: attentionBias, output: attentionBias },
      },
      mlp: {
        kind: 'gated',
        activation: config.choice('hidden_act', ACTIVATIONS, 'silu'),
        hidden: config.size('intermediate_size'),
        bias: config.flag('mlp_bias', false),
      },
      head: config.flag('tie_word_embeddings', false) ? 'tied' : 'own',
    }
  },
  optionalPrefix: 'model.',
  tensors: ({ width, vocab, attention: { heads, kvHeads, headDim, bias }, mlp, head }) => {
    const q = heads * headDim
    const kv = kvHeads * headDim
    const attention = 'model.layers.#.self_attn'
    const { hidden } = mlp
    const rows: TensorRow[] = [
      { target: 'embed', name: 'model.embed_tokens.weight', shape: [vocab, width] },
      { target: 'attention.norm.weight', name: 'model.layers.#.input_layernorm.weight', shape: [width] },
      { target: 'attention.qkv', name: `${attention}.q_proj.weight`, shape: [q, width] },
      { target: 'attention.qkv', name: `${attention}.k_proj.weight`, shape: [kv, width], firstRow: q },
      { target: 'attention.qkv', name: `${attention}.v_proj.weight`, shape: [kv, width], firstRow: q + kv },
      { target: 'attention.output', name: `${attention}.o_proj.weight`, shape: [width, q] },
      { target: 'mlp.norm.weight', name: 'model.layers.#.post_attention_layernorm.weight', shape: [width] },
      { target: 'mlp.up', name: 'model.layers.#.mlp.gate_proj.weight', shape: [hidden, width] },
      { target: 'mlp.up', name: 'model.layers.#.mlp.up_proj.weight', shape: [hidden, width], firstRow: hidden },
      { target: 'mlp.down', name: 'model.layers.#.mlp.down_proj.weight', shape: [width, hidden] },
      { target: 'norm.weight', name: 'model.norm.weight', shape: [width] },
    ]
    if (bias.qkv) {
      rows.push(
        { target: 'attention.qkv.bias', name: `${attention}.q_proj.bias`, shape: [q] },
        { target: 'attention.qkv.bias', name: `${attention}.k_proj.bias`, shape: [kv], firstRow: q },
        { target: 'attention.qkv.bias', name: `${attention}.v_proj.bias`, shape: [kv], firstRow: q + kv },
      )
    }
    if (bias.output) rows.push({ target: 'attention.output.bias', name: `${attention}.o_proj.bias`, shape: [width] })
    if (mlp.bias) {
      rows.push(
        { target: 'mlp.up.bias', name: 'model.layers.#.mlp.gate_proj.bias', shape: [hidden] },
        { target: 'mlp.up.bias', name: 'model.layers.#.mlp.up_proj.bias', shape: [hidden], firstRow: hidden },
        { target: 'mlp.down.bias', name: 'model.layers.#.mlp.down_proj.bias', shape: [width] },
      )
    }
    if (head === 'own') rows.push({ target: 'head', name: 'lm_head.weight', shape: [vocab, width] })
    return rows
  },
}
