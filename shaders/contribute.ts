import code from './contribute.wgsl?raw'
import { cover, defineKernel, padded, perRow } from './kernel.ts'

export interface ContributeShape {
  readonly width: number
  readonly scale: number
  /** Which of `factors` y is multiplied with, too. */
  readonly factor: number
}

/** y: [rows, width], rows padded, becomes what is added; x: [rows, width], rows padded, what it is added to. */
export const contribute = defineKernel({
  entry: 'contribute',
  code,
  bindings: { factors: 'read', y: 'write', x: 'write', step: 'uniform' },
  constants: ({ width, scale, factor }: ContributeShape) => ({ WIDTH: width, SCALE: scale, FACTOR: factor }),
  workgroups: ({ width }) => [cover(padded(width) / 4, 64), perRow, 1],
})
