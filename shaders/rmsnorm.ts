import { defineKernel } from './kernel.ts'
import code from './rmsnorm.wgsl?raw'

export interface RmsnormShape {
  readonly width: number
  readonly eps: number
}

/** x, y: [rows, width]; weight: [width]; rows padded. */
export const rmsnorm = defineKernel({
  entry: 'rmsnorm',
  code,
  bindings: { x: 'read', weight: 'read', y: 'write' },
  constants: ({ width, eps }: RmsnormShape) => ({ WIDTH: width, EPS: eps }),
  workgroups: (_, { rows }) => [rows, 1, 1],
})
