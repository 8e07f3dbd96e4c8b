/** EXAONE 4: norms after each sublayer and on the heads of q and k; where some layers have a window, the others do not turn. */
import { llamaLike, rmsNorm, windowSize, windows } from './llama-like.ts'

export const exaone4 = llamaLike({
  name: 'exaone4',
  defaults: { num_key_value_heads: 32, rms_norm_eps: 1e-5, sliding_window: 4096, sliding_window_pattern: 4 },
  differs: (config, { layers }) => {
    const window = windowSize(config)
    const sliding = windows(
      config,
      layers,
      (n) => window !== null && (n + 1) % config.size('sliding_window_pattern') !== 0,
    )
    return {
      normPlacement: 'output',
      attention: { bias: { qkv: false, output: false }, qkNorm: { over: 'head', norm: rmsNorm(config) } },
      layer: (n) => ({ window: sliding[n]!, rope: window === null || sliding[n] !== null ? 0 : null }),
    }
  },
})
