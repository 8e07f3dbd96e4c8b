import { cover, defineKernel } from './kernel.ts'
import code from './layernorm.wgsl?raw'

export interface LayernormShape {
  readonly width: number
  readonly eps: number
  /** Added to every weight. */
  readonly offset: 0 | 1
  /** Add to what `y` holds instead of replacing it. */
  readonly residual: boolean
  /** What is stored or added is multiplied with this. */
  readonly scale: number
}

const THREADS = 64

/** x, y: [rows, width]; weight, bias: [width]; rows padded. */
export const layernorm = defineKernel({
  entry: 'layernorm',
  code,
  lanes: true,
  bindings: { x: 'read', weight: 'read', bias: 'read', y: 'write', step: 'uniform' },
  constants: ({ width, eps, offset, residual, scale }: LayernormShape) => ({
    WIDTH: width,
    EPS: eps,
    OFFSET: offset,
    RESIDUAL: Number(residual),
    SCALE: scale,
  }),
  workgroups: (_, { count }) => [({ rows }) => cover(rows, THREADS / count), 1, 1],
})
