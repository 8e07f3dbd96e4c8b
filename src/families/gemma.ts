/**
 * Gemma: norms of 1 + w, embeddings times √width, tanh GELU. Gemma 2: norms after each sublayer too, soft caps, a
 * window on every other layer. Gemma 3: no caps, norms on q and k, another base for the layers with a window.
 */
import { dense, llamaLike, rmsNorm, windows } from './llama-like.ts'
import { readRopes, wholeHead } from './rope.ts'

export const gemma = llamaLike({
  name: 'gemma',
  defaults: {
    num_key_value_heads: 16,
    head_dim: 256,
    hidden_act: 'gelu_pytorch_tanh',
    max_position_embeddings: 8192,
    tie_word_embeddings: true,
  },
  differs: (config, { width }) => {
    config.refuseUnless('use_bidirectional_attention', [undefined, null, false])
    const mlp = dense(config, 'gated')
    return {
      embedding: { scale: Math.sqrt(width) },
      norm: rmsNorm(config, 1),
      // The first files say "gelu" and mean the tanh form.
      mlp: mlp.activation === 'gelu' ? { ...mlp, activation: 'gelu-tanh' } : mlp,
    }
  },
})

const DEFAULTS = {
  num_key_value_heads: 4,
  head_dim: 256,
  hidden_activation: 'gelu_pytorch_tanh',
  tie_word_embeddings: true,
  query_pre_attn_scalar: 256,
  sliding_window: 4096,
}

export const gemma2 = llamaLike({
  name: 'gemma2',
  defaults: {
    ...DEFAULTS,
    max_position_embeddings: 8192,
    attn_logit_softcapping: 50,
    final_logit_softcapping: 30,
  },
  differs: (config, { width, layers }) => {
    config.refuseUnless('use_bidirectional_attention', [undefined, null, false])
    const scale = 1 / Math.sqrt(config.positive('query_pre_attn_scalar'))
    const sliding = windows(config, layers, (n) => n % 2 === 0)
    return {
      embedding: { scale: Math.sqrt(width) },
      norm: rmsNorm(config, 1),
      normPlacement: 'both',
      attention: { softcap: config.number('attn_logit_softcapping', 0) },
      mlp: dense(config, 'gated', 'hidden_activation'),
      layer: (n) => ({ scale, window: sliding[n]! }),
      logits: { softcap: config.number('final_logit_softcapping', 0) },
    }
  },
})

export const gemma3 = llamaLike({
  name: 'gemma3_text',
  defaults: { ...DEFAULTS, max_position_embeddings: 131_072, sliding_window_pattern: 6 },
  differs: (config, { width, layers, headDim, context }) => {
    config.refuseUnless('use_bidirectional_attention', [undefined, null, false])
    config.refuseUnless('attn_logit_softcapping', [undefined, null])
    const scale = 1 / Math.sqrt(config.positive('query_pre_attn_scalar'))
    const pattern = config.size('sliding_window_pattern')
    const sliding = windows(config, layers, (n) => (n + 1) % pattern !== 0)
    const rope = readRopes(config, wholeHead(config, headDim), context)
    const norm = rmsNorm(config, 1)
    return {
      embedding: { scale: Math.sqrt(width) },
      norm,
      normPlacement: 'both',
      position: { kind: 'rope', rotaryDim: headDim, pairing: 'half', tables: [rope.full, rope.sliding] },
      attention: { qkNorm: { over: 'head', norm } },
      mlp: dense(config, 'gated', 'hidden_activation'),
      layer: (n) => ({ scale, window: sliding[n]!, rope: sliding[n] === null ? 0 : 1 }),
      logits: { softcap: config.number('final_logit_softcapping', 0) },
    }
  },
})
