/** GPT-J: attention and MLP side by side after one norm, neighbouring pairs turn, no biases in attention. */
import { ACTIVATIONS } from './activations.ts'
import type { Config } from './config.ts'
import { PLAIN, PLAIN_ATTENTION, sameLayers, widthAndHeads } from './plain.ts'
import { plainFrequencies } from './rope.ts'
import { linear, norm, ownHead, separateQkv } from './rows.ts'
import type { DecoderSpec, Family, TensorRow } from './spec.ts'

/** CodeGen differs in how it stores q, k and v. */
export function gptjSpec(config: Config, family: string): DecoderSpec {
  const { width, heads, headDim } = widthAndHeads(config, 'n_embd', 'n_head')
  const rotaryDim = config.size('rotary_dim', undefined, headDim)
  config.require(rotaryDim % 2 === 0, 'rotary_dim', 'an even number: rotary positions turn pairs')
  return {
    ...PLAIN,
    family,
    width,
    vocab: config.size('vocab_size'),
    context: config.size('n_positions'),
    norm: { kind: 'layer', eps: config.positive('layer_norm_epsilon', 1e-5), offset: 0, weight: true, bias: true },
    residual: 'parallel-shared',
    position: {
      kind: 'rope',
      rotaryDim,
      pairing: 'interleaved',
      tables: [{ inverseFrequencies: plainFrequencies(10_000, rotaryDim), attentionFactor: 1 }],
    },
    attention: { ...PLAIN_ATTENTION, heads, kvHeads: heads, headDim, bias: { qkv: false, output: false } },
    mlp: {
      kind: 'plain',
      activation: config.choice('activation_function', ACTIVATIONS, 'gelu_new'),
      hidden: config.size('n_inner', 4 * width),
      bias: true,
    },
    layers: sameLayers(config, 'n_layer', { window: null, scale: 1 / Math.sqrt(headDim), rope: 0 }),
    head: config.flag('tie_word_embeddings', false) ? 'tied' : 'own',
    logits: { ...PLAIN.logits, bias: true },
  }
}

export function gptjTensors(spec: DecoderSpec, qkv: readonly TensorRow[]): TensorRow[] {
  const { width, vocab } = spec
  const { hidden } = spec.mlp
  return [
    { target: 'embed', name: 'transformer.wte.weight', shape: [vocab, width] },
    ...norm('attention.norm', 'transformer.h.#.ln_1', spec.norm, width),
    ...qkv,
    ...linear('attention.output', 'transformer.h.#.attn.out_proj', [width, width], false),
    ...linear('mlp.up', 'transformer.h.#.mlp.fc_in', [hidden, width], true),
    ...linear('mlp.down', 'transformer.h.#.mlp.fc_out', [width, hidden], true),
    ...norm('norm', 'transformer.ln_f', spec.norm, width),
    ...ownHead(spec),
  ]
}

const ATTENTION = 'transformer.h.#.attn'

export const gptj: Family = {
  name: 'gptj',
  modelTypes: ['gptj'],
  spec: (config) => gptjSpec(config, 'gptj'),
  optionalPrefix: 'transformer.',
  tensors: (spec) =>
    gptjTensors(spec, separateQkv(spec, `${ATTENTION}.q_proj`, `${ATTENTION}.k_proj`, `${ATTENTION}.v_proj`)),
}
