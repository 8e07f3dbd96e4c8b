/**
 * gpt-oss: experts with biases and a clamped gate, a learned score that takes attention and gives nothing, a window on
 * every other layer, YaRN. Each matrix is stored for all experts at once, [in, out], gate and up taking turns.
 */
import { readExperts } from './experts.ts'
import { llamaLike, windows } from './llama-like.ts'
import { LAYER } from './llama-rows.ts'
import { linear } from './rows.ts'
import type { DecoderSpec, ExpertsMlpSpec, TensorRow } from './spec.ts'

const YARN = {
  rope_type: 'yarn',
  factor: 32,
  beta_fast: 32,
  beta_slow: 1,
  truncate: false,
  original_max_position_embeddings: 4096,
}

export const gptOss = llamaLike({
  name: 'gpt_oss',
  defaults: {
    num_key_value_heads: 8,
    head_dim: 64,
    max_position_embeddings: 131_072,
    rms_norm_eps: 1e-5,
    rope_theta: 150_000,
    rope_parameters: YARN,
    attention_bias: true,
    sliding_window: 128,
    num_experts: 128,
    num_experts_per_tok: 4,
  },
  differs: (config, { layers }) => {
    config.refuseUnless('swiglu_limit', [undefined, null, 7])
    const sliding = windows(config, layers, (n) => n % 2 === 0)
    return {
      attention: { sinks: true },
      mlp: {
        ...readExperts(config),
        activation: 'clamped-swiglu',
        bias: true,
        routerBias: true,
        softmaxOver: 'active',
      },
      layer: (n) => ({ window: sliding[n]! }),
    }
  },
  rows: { mlp: fusedExperts },
})

function fusedExperts({ width, mlp }: DecoderSpec): TensorRow[] {
  const { experts, hidden } = mlp as ExpertsMlpSpec
  const at = (name: string) => `${LAYER}.mlp.experts.${name}`
  // Even rows are the gate's, odd ones up's.
  const order = Array.from({ length: 2 * hidden }, (_, row) => (row % 2) * hidden + Math.floor(row / 2))
  return [
    ...linear('mlp.router', `${LAYER}.mlp.router`, [experts, width], true),
    { target: 'mlp.up', name: at('gate_up_proj'), shape: [experts, width, 2 * hidden], transposed: true, order },
    { target: 'mlp.up.bias', name: at('gate_up_proj_bias'), shape: [experts, 2 * hidden], kind: 'vector', order },
    { target: 'mlp.down', name: at('down_proj'), shape: [experts, hidden, width], transposed: true },
    { target: 'mlp.down.bias', name: at('down_proj_bias'), shape: [experts, width], kind: 'vector' },
  ]
}
