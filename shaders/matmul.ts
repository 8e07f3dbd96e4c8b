import { type ActivationForm, activationConstants } from './activation.ts'
import acts from './fragments/activations.wgsl?raw'
import { type Arithmetic, cover, defineKernel } from './kernel.ts'
import code from './matmul.wgsl?raw'
import subgroup from './matrices/subgroup.wgsl?raw'
import threads from './tiles/matmul-halves.wgsl?raw'
import matrices from './tiles/matmul-matrices.wgsl?raw'
import quads from './tiles/matmul-quads.wgsl?raw'
import shared from './tiles/matmul-shared.wgsl?raw'

export interface MatmulShape {
  readonly inWidth: number
  /** Numbers in a row of y. */
  readonly outWidth: number
  readonly bias: boolean
  /** Of x·weightᵀ + bias. */
  readonly activation?: (ActivationForm & { readonly gated: false }) | undefined
  /** Add to what `y` holds instead of replacing it. */
  readonly residual: boolean
  /** What is stored or added is multiplied with this. */
  readonly scale: number
  /** What numbers may be multiplied as; weights in f32 never are as less. */
  readonly arithmetic: Exclude<Arithmetic, 'int8'>
}

export const matmulConstants = ({ inWidth, outWidth, bias, activation, residual, scale }: MatmulShape) => ({
  ...activationConstants(activation),
  IN_WIDTH: inWidth,
  OUT_WIDTH: outWidth,
  HAS_BIAS: Number(bias),
  RESIDUAL: Number(residual),
  SCALE: scale,
})

/** Rows and columns of y that a workgroup makes. */
const TALL = { quads: 16, shared: 64 }
const WIDE = 64

/**
 * x: [rows, inWidth]; weight: [outWidth, inWidth], in parts; bias: [outWidth], or anything when `bias` is false;
 * y: [rows, outWidth]; rows padded. Rows of y after `step.rows` are left alone.
 */
export const matmul = defineKernel({
  entry: 'matmul',
  code: code + acts,
  tiles: { quads, shared },
  halves: { threads, matrices: subgroup + matrices },
  arithmetic: ({ arithmetic }: MatmulShape) => arithmetic,
  bindings: { x: 'read', weight: 'weight', bias: 'read', y: 'write', step: 'uniform' },
  constants: matmulConstants,
  workgroups: (_, { tiles }, { start, rows: made }) => {
    const columns = start + made - Math.floor(start / 4) * 4
    // Neighbours share columns: weights that one has read are still near.
    return [({ rows }) => cover(rows, TALL[tiles]), cover(columns, WIDE), 1]
  },
})
