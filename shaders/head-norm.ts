import code from './head-norm.wgsl?raw'
import { cover, defineKernel } from './kernel.ts'

export interface HeadNormShape {
  /** Numbers in a row, before its padding. */
  readonly stride: number
  /** The number of a row at which the first group begins. */
  readonly start: number
  /** Groups, one behind the other. */
  readonly count: number
  /** Numbers in a group: headDim, or those of all heads together. */
  readonly size: number
  readonly kind: 'rms' | 'layer'
  readonly eps: number
  /** Added to every weight. */
  readonly offset: 0 | 1
  /** 'none': 1 in their place; 'size': the same for every group; 'all': each group has its own. */
  readonly weightPer: 'none' | 'size' | 'all'
}

const THREADS = 64
const MOST_PER_AXIS = 65535 // workgroups: WebGPU's baseline

/** x: [rows, stride], rows padded; weight: nothing, [size] or [count, size], without padding. */
export const headNorm = defineKernel({
  entry: 'head_norm',
  code,
  lanes: true,
  bindings: { x: 'write', weight: 'read', step: 'uniform' },
  constants: ({ stride, start, count, size, kind, eps, offset, weightPer }: HeadNormShape) => ({
    ROW: stride,
    START: start,
    COUNT: count,
    SIZE: size,
    EPS: eps,
    OFFSET: offset,
    CENTERED: Number(kind === 'layer'),
    HAS_WEIGHT: Number(weightPer !== 'none'),
    WEIGHT_STRIDE: weightPer === 'all' ? size : 0,
  }),
  workgroups: ({ count }, { rows }, lanes) => {
    const all = cover(rows * count, THREADS / lanes.count)
    const y = cover(all, MOST_PER_AXIS)
    return [cover(all, y), y, 1]
  },
})
