import { defineKernel } from './kernel.ts'
import code from './route.wgsl?raw'

export interface RouteShape {
  readonly experts: number
  /** Experts that a row goes through: at most 64, and at most `experts`. */
  readonly active: number
  /** What the weights are a softmax over: 'all' experts, of which the active ones' are kept, or the 'active' ones. */
  readonly softmaxOver: 'all' | 'active'
}

/**
 * logits: [rows, experts], rows padded; routes: [rows, active] pairs of u32: an expert's id, its weight (f32 bits).
 * The largest logit first; the lowest id first among equals.
 */
export const route = defineKernel({
  entry: 'route',
  code,
  bindings: { logits: 'read', routes: 'write' },
  constants: ({ experts, active, softmaxOver }: RouteShape) => ({
    EXPERTS: experts,
    ACTIVE: active,
    OVER_ALL: Number(softmaxOver === 'all'),
  }),
  workgroups: (_, { rows }) => [rows, 1, 1],
})
