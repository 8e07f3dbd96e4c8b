import products from './fragments/products.wgsl?raw'
import { defineKernel, type Lanes, perRow } from './kernel.ts'
import { quadsOf } from './matvec.ts'
import { type ProductShape, productConstants } from './products.ts'
import code from './route.wgsl?raw'

export interface RouteShape extends ProductShape {
  readonly experts: number
  /** Experts that a row goes through: at most 64, and at most `experts`. */
  readonly active: number
  /** What the weights are a softmax over: 'all' experts, of which the active ones' are kept, or the 'active' ones. */
  readonly softmaxOver: 'all' | 'active'
  readonly bias: boolean
}

/** One workgroup makes all products of a row: a larger one, where that is quick. */
const threadsOf = ({ sum, team }: Lanes): number => (sum === 'subgroup' && team > 1 ? 256 : 64)

/**
 * x: [rows, inWidth], rows padded; weight: [experts, inWidth], in one part; bias: [experts], or anything when `bias` is
 * false; gain, shift: [inWidth], of `norm`; routes: [rows, active] pairs of u32: an expert's id, its weight (f32 bits).
 * Whom the router likes most comes first; the lowest id first among equals.
 */
export const route = defineKernel({
  entry: 'route',
  code: products + code,
  lanes: true,
  products: true,
  bindings: { x: 'read', weight: 'weight', bias: 'read', gain: 'read', shift: 'read', routes: 'write' },
  constants: (shape: RouteShape, lanes) => ({
    ...productConstants(shape, quadsOf(shape, lanes)),
    EXPERTS: shape.experts,
    ACTIVE: shape.active,
    OVER_ALL: Number(shape.softmaxOver === 'all'),
    HAS_BIAS: Number(shape.bias),
    THREADS: threadsOf(lanes),
  }),
  workgroups: ({ experts }, _, { rows }) => {
    if (rows !== experts) throw new Error(`a router of ${experts} experts lies in parts: ${rows} rows`)
    return [perRow, 1, 1]
  },
})
