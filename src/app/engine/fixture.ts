/** What a small model says of itself, for tests. */
import type { Examination, ModelInfo, Session } from '../../index.ts'

export const smallModel: ModelInfo = {
  family: 'llama',
  parameters: 1,
  layers: 1,
  heads: 1,
  kvHeads: 1,
  headDim: 1,
  windows: [null],
  width: 1,
  vocab: 128,
  context: 512,
  weightBytes: 1,
  weights: ['f32'],
  kv: 'f32',
  arithmetic: 'auto',
  kvBytesPerToken: 1,
  dispatchesPerToken: 1,
  endOfText: [0],
  defaults: { temperature: 0.7 },
  hasTokenizer: true,
  hasChatTemplate: false,
}

const fits = { verdict: 'fits', needed: 1, available: undefined, reason: '' } as const

export const smallExamination: Examination = {
  source: 'org/name',
  name: 'name',
  revision: 'main',
  format: 'safetensors',
  files: [],
  byteLength: 1000,
  cachedBytes: 0,
  family: 'llama',
  parameters: 1,
  context: 512,
  types: ['F32'],
  gpu: { weights: 1, cache: 1 },
  fits: { gpu: fits, storage: fits },
  alternatives: [],
}

/** A session that writes as `generate` says, and does nothing else. */
export const writingSession = (generate: Session['generate']): Session => ({
  generate,
  // biome-ignore lint/correctness/useYield: it gives nothing
  async *inspect() {
    throw new Error('not here')
  },
  fork: () => Promise.reject(new Error('not here')),
  save: () => Promise.resolve(0),
  restore: () => Promise.resolve(0),
  destroy: () => undefined,
})
