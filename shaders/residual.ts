import { cover, defineKernel, padded } from './kernel.ts'
import code from './residual.wgsl?raw'

export interface ResidualShape {
  readonly width: number
  /** What y is multiplied with before it is added. */
  readonly scale: number
}

/** Threads of a workgroup times numbers that each adds at once. */
const NUMBERS = 64 * 4
/** Far more than any GPU runs at a time; beyond it, threads take several turns. */
const MOST_WORKGROUPS = 4096

/** x, y: [rows, width], rows padded. x is added to in place. */
export const residual = defineKernel({
  entry: 'residual',
  code,
  bindings: { x: 'write', y: 'read', step: 'uniform' },
  constants: ({ width, scale }: ResidualShape) => ({ WIDTH: width, SCALE: scale }),
  workgroups: ({ width }, { rows }) => [Math.min(MOST_WORKGROUPS, cover(rows * padded(width), NUMBERS)), 1, 1],
})
