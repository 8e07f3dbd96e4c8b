import code from './embed.wgsl?raw'
import { cover, defineKernel, padded, perRow } from './kernel.ts'

export interface EmbedShape {
  readonly width: number
  readonly scale: number
  /** Add a learned position. */
  readonly learned: boolean
  /** The row of `positions` that belongs to position 0. */
  readonly offset: number
}

/**
 * ids: u32 [rows], each below vocab; weight: [vocab, width], in parts; positions: f32 [context + offset, width], or
 * anything when `learned` is false; y: [rows, width]; rows padded.
 */
export const embed = defineKernel({
  entry: 'embed',
  code,
  bindings: { ids: 'read', weight: 'weight', positions: 'read', y: 'write', step: 'uniform' },
  constants: ({ width, scale, learned, offset }: EmbedShape) => ({
    WIDTH: width,
    SCALE: scale,
    LEARNED: Number(learned),
    OFFSET: offset,
  }),
  workgroups: ({ width }) => [cover(padded(width) / 8, 64), perRow, 1],
})
