import { defineKernel } from './kernel.ts'
import code from './layernorm.wgsl?raw'

export interface LayernormShape {
  readonly width: number
  readonly eps: number
}

/** x, y: [rows, width]; weight, bias: [width]; rows padded. */
export const layernorm = defineKernel({
  entry: 'layernorm',
  code,
  bindings: { x: 'read', weight: 'read', bias: 'read', y: 'write' },
  constants: ({ width, eps }: LayernormShape) => ({ WIDTH: width, EPS: eps }),
  workgroups: (_, { rows }) => [rows, 1, 1],
})
