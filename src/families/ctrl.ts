/** CTRL: positions are all sines, then all cosines; embeddings times √width; a bias on the logits. */
import { PLAIN, PLAIN_ATTENTION, sameLayers, widthAndHeads } from './plain.ts'
import { plainFrequencies } from './rope.ts'
import { linear, norm, ownHead, separateQkv } from './rows.ts'
import type { Family } from './spec.ts'

export const ctrl: Family = {
  name: 'ctrl',
  modelTypes: ['ctrl'],
  spec: (config) => {
    const { width, heads, headDim } = widthAndHeads(config, 'n_embd', 'n_head')
    config.require(width % 2 === 0, 'n_embd', 'an even number: sines and cosines')
    // Only the last norm reads it; the others have 1e-6 whatever it says.
    config.refuseUnless('layer_norm_epsilon', [undefined, null, 1e-6])
    return {
      ...PLAIN,
      family: 'ctrl',
      width,
      vocab: config.size('vocab_size'),
      context: config.size('n_positions'),
      embedding: { ...PLAIN.embedding, scale: Math.sqrt(width) },
      norm: { kind: 'layer', eps: 1e-6, offset: 0, weight: true, bias: true },
      position: { kind: 'sinusoidal', frequencies: plainFrequencies(10_000, width), offset: 0 },
      attention: { ...PLAIN_ATTENTION, heads, kvHeads: heads, headDim, bias: { qkv: true, output: true } },
      mlp: { kind: 'plain', activation: 'relu', hidden: config.size('dff'), bias: true },
      layers: sameLayers(config, 'n_layer', { window: null, scale: 1 / Math.sqrt(headDim), rope: null }),
      head: config.flag('tie_word_embeddings', true) ? 'tied' : 'own',
      logits: { ...PLAIN.logits, bias: true },
    }
  },
  optionalPrefix: 'transformer.',
  tensors: (spec) => {
    const { width, vocab } = spec
    const { hidden } = spec.mlp
    const attention = 'transformer.h.#.multi_head_attention'
    return [
      { target: 'embed', name: 'transformer.w.weight', shape: [vocab, width] },
      ...norm('attention.norm', 'transformer.h.#.layernorm1', spec.norm, width),
      ...separateQkv(spec, `${attention}.Wq`, `${attention}.Wk`, `${attention}.Wv`),
      ...linear('attention.output', `${attention}.dense`, [width, width], true),
      ...norm('mlp.norm', 'transformer.h.#.layernorm2', spec.norm, width),
      ...linear('mlp.up', 'transformer.h.#.ffn.0', [hidden, width], true),
      ...linear('mlp.down', 'transformer.h.#.ffn.2', [width, hidden], true),
      ...norm('norm', 'transformer.layernorm', spec.norm, width),
      ...ownHead(spec),
    ]
  },
}
