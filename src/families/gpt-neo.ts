/** GPT-Neo: scores are not divided by √headDim, and every other layer sees a window. */
import { ACTIVATIONS } from './activations.ts'
import type { Config } from './config.ts'
import { layerCount, PLAIN, PLAIN_ATTENTION, widthAndHeads } from './plain.ts'
import { linear, norm, ownHead, separateQkv } from './rows.ts'
import type { Family } from './spec.ts'

export const gptNeo: Family = {
  name: 'gpt_neo',
  modelTypes: ['gpt_neo'],
  spec: (config) => {
    const { width, heads, headDim } = widthAndHeads(config, 'hidden_size', 'num_heads')
    const kinds = { global: null, local: config.size('window_size', 256) }
    const windows = config
      .withDefaults({ attention_layers: spelledOut(config) })
      .choices('attention_layers', kinds, layerCount(config, 'num_layers'))
    return {
      ...PLAIN,
      family: 'gpt_neo',
      width,
      vocab: config.size('vocab_size'),
      context: config.size('max_position_embeddings', 2048),
      norm: { kind: 'layer', eps: config.positive('layer_norm_epsilon', 1e-5), offset: 0, weight: true, bias: true },
      position: { kind: 'learned', offset: 0 },
      attention: { ...PLAIN_ATTENTION, heads, kvHeads: heads, headDim, bias: { qkv: false, output: true } },
      mlp: {
        kind: 'plain',
        activation: config.choice('activation_function', ACTIVATIONS, 'gelu_new'),
        hidden: config.size('intermediate_size', 4 * width),
        bias: true,
      },
      layers: windows.map((window) => ({ window, scale: 1, rope: null })),
      head: config.flag('tie_word_embeddings', true) ? 'tied' : 'own',
    }
  },
  optionalPrefix: 'transformer.',
  tensors: (spec) => {
    const { width, vocab, context } = spec
    const { hidden } = spec.mlp
    const attention = 'transformer.h.#.attn.attention'
    return [
      { target: 'embed', name: 'transformer.wte.weight', shape: [vocab, width] },
      { target: 'positions', name: 'transformer.wpe.weight', shape: [context, width] },
      ...norm('attention.norm', 'transformer.h.#.ln_1', spec.norm, width),
      ...separateQkv(spec, `${attention}.q_proj`, `${attention}.k_proj`, `${attention}.v_proj`),
      ...linear('attention.output', `${attention}.out_proj`, [width, width], true),
      ...norm('mlp.norm', 'transformer.h.#.ln_2', spec.norm, width),
      ...linear('mlp.up', 'transformer.h.#.mlp.c_fc', [hidden, width], true),
      ...linear('mlp.down', 'transformer.h.#.mlp.c_proj', [width, hidden], true),
      ...norm('norm', 'transformer.ln_f', spec.norm, width),
      ...ownHead(spec),
    ]
  },
}

/** `attention_types` says it shorter: [[['global', 'local'], 12]] → global, local, global, … */
function spelledOut(config: Config): unknown[] {
  return config.list('attention_types', [[['global', 'local'], 12]]).flatMap((entry) => {
    const [kinds, times] = Array.isArray(entry) ? (entry as unknown[]) : []
    if (!Array.isArray(kinds) || typeof times !== 'number' || !(times <= 1024)) return [entry]
    return Array.from({ length: times }, () => kinds as unknown[]).flat()
  })
}
