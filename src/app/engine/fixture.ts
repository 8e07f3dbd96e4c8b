/** What a small model says of itself, for tests. */
import type { ModelInfo } from '../../index.ts'

export const smallModel: ModelInfo = {
  family: 'llama',
  parameters: 1,
  layers: 1,
  heads: 1,
  kvHeads: 1,
  headDim: 1,
  width: 1,
  vocab: 128,
  context: 512,
  weightBytes: 1,
  weights: ['f32'],
  kv: 'f32',
  kvBytesPerToken: 1,
  dispatchesPerToken: 1,
  endOfText: [0],
  defaults: { temperature: 0.7 },
  hasTokenizer: true,
  hasChatTemplate: false,
}
