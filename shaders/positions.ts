import { cover, defineKernel, padded, perRow } from './kernel.ts'
import code from './positions.wgsl?raw'

export interface PositionsShape {
  readonly width: number
  /** The row of `positions` that belongs to position 0. */
  readonly offset: number
}

/** positions: f32 [context + offset, width]; y: [rows, width]; rows padded. For embeddings that are projected first. */
export const positions = defineKernel({
  entry: 'add_positions',
  code,
  bindings: { positions: 'read', y: 'write', step: 'uniform' },
  constants: ({ width, offset }: PositionsShape) => ({ WIDTH: width, OFFSET: offset }),
  workgroups: ({ width }) => [cover(padded(width) / 4, 64), perRow, 1],
})
