import { cover, defineKernel, perRow } from './kernel.ts'
import code from './scale-heads.wgsl?raw'

export interface ScaleHeadsShape {
  readonly heads: number
  readonly headDim: number
}

/** factors: [heads], or more; attended: [rows, heads·headDim], rows padded, in place. */
export const scaleHeads = defineKernel({
  entry: 'scale_heads',
  code,
  bindings: { factors: 'read', attended: 'write', step: 'uniform' },
  constants: ({ heads, headDim }: ScaleHeadsShape) => ({ HEADS: heads, HEAD_DIM: headDim }),
  workgroups: ({ heads, headDim }) => [cover(heads * headDim, 64), perRow, 1],
})
