import { cover, defineKernel } from './kernel.ts'
import { PEAK_IDS } from './logits.ts'
import type { SampleShape } from './sample.ts'
import code from './survey.wgsl?raw'

const THREADS = 64

/**
 * Bias and penalties, and what is to be known of all ids at a temperature; see `needsSurvey`.
 *
 * logits: [vocab]; bias: [vocab] f32, −Infinity bans an id; any 16 bytes when `options` has none. counts: [vocab] u32.
 * keys: [vocab] u32; surveys: [spans] (u32, f32); options: of `packSampling`.
 */
export const survey = defineKernel({
  entry: 'survey',
  code,
  bindings: { logits: 'read', bias: 'read', counts: 'read', keys: 'write', surveys: 'write', options: 'uniform' },
  constants: ({ vocab }: SampleShape) => ({ VOCAB: vocab }),
  workgroups: ({ vocab }) => [cover(vocab, PEAK_IDS * THREADS), 1, 1],
})
