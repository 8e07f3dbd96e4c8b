import code from './capture-attention.wgsl?raw'
import heads from './fragments/heads.wgsl?raw'
import { type HeadsShape, headsConstants } from './heads.ts'
import { defineKernel } from './kernel.ts'

export interface CaptureAttentionShape extends HeadsShape {
  /** As of `decodeAttention`. */
  readonly scale: number
  readonly window: number
  readonly softcap: number
  readonly alibi: boolean
  readonly sinks: boolean
  /** How many heads are looked at. */
  readonly chosen: number
}

/**
 * What some heads of a run attend to, once its keys are in the cache. qkv, table, q_gain, k_gain, sinks, keys: as of
 * `decodeAttention`; chosen: u32 [chosen], heads; weights: [rows − first, chosen, position + rows], without padding, of the
 * rows from step.first on.
 */
export const captureAttention = defineKernel({
  entry: 'capture_attention',
  code: heads + code,
  lanes: true,
  bindings: {
    qkv: 'read',
    table: 'read',
    q_gain: 'read',
    k_gain: 'read',
    sinks: 'read',
    keys: 'read',
    chosen: 'read',
    weights: 'write',
    step: 'uniform',
  },
  constants: (shape: CaptureAttentionShape) => ({
    ...headsConstants(shape),
    SCALE: shape.scale,
    WINDOW: shape.window,
    SOFTCAP: shape.softcap,
    ALIBI: Number(shape.alibi),
    SINKS: Number(shape.sinks),
    CHOSEN: shape.chosen,
  }),
  workgroups: ({ chosen }) => [chosen, ({ rows, first }) => rows - first, 1],
})
