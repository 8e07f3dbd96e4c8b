import { cover, defineKernel } from './kernel.ts'
import code from './magnitudes.wgsl?raw'

export interface MagnitudesShape {
  readonly width: number
}

const THREADS = 64

/**
 * x, attention, mlp: [rows, width], rows padded; y: [rows − first, 4], the root mean square of each row of the three from
 * step.first on, and 0.
 */
export const magnitudes = defineKernel({
  entry: 'magnitudes',
  code,
  lanes: true,
  bindings: { x: 'read', attention: 'read', mlp: 'read', y: 'write', step: 'uniform' },
  constants: ({ width }: MagnitudesShape) => ({ WIDTH: width }),
  workgroups: (_, { count }) => [({ rows, first }) => cover(rows - first, THREADS / count), 1, 1],
})
