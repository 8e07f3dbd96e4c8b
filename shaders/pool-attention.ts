import { cover, defineKernel } from './kernel.ts'
import code from './pool-attention.wgsl?raw'

export interface PoolAttentionShape {
  readonly heads: number
  /** Cells on each side of a map; at most the text's positions. */
  readonly size: number
}

const THREADS = 64

/**
 * weights: [rows − first, heads, position + rows], as `captureAttention` leaves them; cells: u32 [heads, size, size], the f32
 * bits of what was found so far, which grows; area: u32, how many positions the map is of.
 */
export const poolAttention = defineKernel({
  entry: 'pool_attention',
  code,
  bindings: { weights: 'read', cells: 'write', area: 'uniform', step: 'uniform' },
  constants: ({ heads, size }: PoolAttentionShape) => ({ HEADS: heads, SIZE: size }),
  workgroups: ({ heads, size }) => [cover(size, THREADS), heads, ({ rows, first }) => rows - first],
})
