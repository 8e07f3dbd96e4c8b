/**
 * Cohere, Command R: LayerNorm without bias, attention and MLP side by side, neighbouring pairs turn, scaled logits.
 * Cohere 2: windows; the layers without one do not turn.
 */
import type { Config } from './config.ts'
import { llamaLike, windows } from './llama-like.ts'
import { stackedQkNorms } from './llama-rows.ts'
import { ropePosition } from './rope.ts'
import type { NormSpec } from './spec.ts'

const DEFAULTS = { max_position_embeddings: 8192, layer_norm_eps: 1e-5, tie_word_embeddings: true, logit_scale: 0.0625 }

const layerNorm = (config: Config): NormSpec => ({
  kind: 'layer',
  eps: config.positive('layer_norm_eps'),
  offset: 0,
  weight: true,
  bias: false,
})

const shared = (config: Config, context: number, headDim: number) =>
  ({
    norm: layerNorm(config),
    residual: 'parallel-shared',
    position: ropePosition(config, context, headDim, { pairing: 'interleaved' }),
    logits: { scale: config.number('logit_scale') },
  }) as const

export const cohere = llamaLike({
  name: 'cohere',
  defaults: { ...DEFAULTS, rope_theta: 500_000 },
  differs: (config, { context, headDim }) => ({
    ...shared(config, context, headDim),
    attention: { qkNorm: config.flag('use_qk_norm', false) ? { over: 'heads', norm: layerNorm(config) } : null },
  }),
  rows: { qkNorms: stackedQkNorms },
})

export const cohere2 = llamaLike({
  name: 'cohere2',
  defaults: { ...DEFAULTS, sliding_window: 4096, sliding_window_pattern: 4 },
  differs: (config, { context, headDim, layers }) => {
    const pattern = config.size('sliding_window_pattern')
    const sliding = windows(config, layers, (n) => (n + 1) % pattern !== 0)
    return {
      ...shared(config, context, headDim),
      layer: (n) => ({ window: sliding[n]!, rope: sliding[n] === null ? null : 0 }),
    }
  },
})
