/** Granite: Llama whose embeddings, scores and sublayers are multiplied, and whose logits are divided. */
import { llamaLike } from './llama-like.ts'

export const granite = llamaLike({
  name: 'granite',
  differs: (config) => ({
    embedding: { scale: config.number('embedding_multiplier', 1) },
    residualScale: config.number('residual_multiplier', 1),
    layer: () => ({ scale: config.number('attention_multiplier', 1) }),
    logits: { scale: 1 / config.positive('logits_scaling', 1) },
  }),
})
