import { cover, defineKernel } from './kernel.ts'
import code from './matmul.wgsl?raw'
import type { MatvecShape } from './matvec.ts'

/** Rows and columns of y that a workgroup makes: 8 × 8 threads with 8 × 8 numbers each. */
const TILE = 64

/**
 * x: [rows, inWidth]; weight: [outWidth, inWidth], in parts; bias: [outWidth], or anything when `bias` is false;
 * y: [rows, outWidth]; rows padded. Rows of y after `step.rows` are left alone.
 */
export const matmul = defineKernel({
  entry: 'matmul',
  code,
  bindings: { x: 'read', weight: 'weight', bias: 'read', y: 'write', step: 'uniform' },
  constants: ({ inWidth, outWidth, bias, residual, scale }: MatvecShape) => ({
    IN_WIDTH: inWidth,
    OUT_WIDTH: outWidth,
    HAS_BIAS: Number(bias),
    RESIDUAL: Number(residual),
    SCALE: scale,
  }),
  workgroups: (_, { rows }, _lanes, part) => {
    const columns = part.start + part.rows - Math.floor(part.start / 8) * 8
    return [cover(columns, TILE), cover(rows, TILE), 1]
  },
})
