/** OLMo: LayerNorm without weights. OLMo 2: norms after each sublayer, and on q and k in full. OLMoE: with experts. */
import type { Config } from './config.ts'
import { readExperts, separateExperts } from './experts.ts'
import { llamaLike, rmsNorm } from './llama-like.ts'
import type { AttentionSpec } from './spec.ts'

const clip = (config: Config) => (config.has('clip_qkv') ? config.positive('clip_qkv') : 0)
const fullNorms = (config: Config): Partial<AttentionSpec> => ({ qkNorm: { over: 'width', norm: rmsNorm(config) } })

export const olmo = llamaLike({
  name: 'olmo',
  differs: (config) => ({
    norm: { kind: 'layer', eps: 1e-5, offset: 0, weight: false, bias: false },
    attention: { clip: clip(config) },
  }),
})

export const olmo2 = llamaLike({
  name: 'olmo2',
  defaults: { rms_norm_eps: 1e-5 },
  differs: (config) => ({ normPlacement: 'output', attention: fullNorms(config) }),
})

export const olmoe = llamaLike({
  name: 'olmoe',
  defaults: { max_position_embeddings: 4096, rms_norm_eps: 1e-5, num_experts: 64, num_experts_per_tok: 8 },
  differs: (config) => ({
    attention: { ...fullNorms(config), clip: clip(config) },
    mlp: readExperts(config),
  }),
  rows: {
    mlp: separateExperts({
      router: 'mlp.gate',
      expert: 'mlp.experts',
      gate: 'gate_proj',
      up: 'up_proj',
      down: 'down_proj',
    }),
  },
})
