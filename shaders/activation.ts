import code from './activation.wgsl?raw'
import { cover, defineKernel, padded } from './kernel.ts'

/** In the order of the constants in activation.wgsl. */
export const activations = ['gelu', 'gelu-tanh', 'silu', 'relu', 'relu2', 'quick-gelu'] as const
export type Activation = (typeof activations)[number]

/** Of a gate and a number together: (up + 1) · gate · σ(1.702 gate), gate cut off above 7 and up at ±7. */
const CLAMPED_SWIGLU = 'clamped-swiglu'
const kinds = [...activations, CLAMPED_SWIGLU] as const

export type ActivationShape = {
  /** Numbers in a row of y. */
  readonly hidden: number
  /** Rows of x and y for each token. Default 1. */
  readonly perRow?: number
} & (
  | {
      readonly kind: Activation
      /** y = act(gate) · up, rather than act(x). */
      readonly gated: boolean
    }
  | { readonly kind: typeof CLAMPED_SWIGLU; readonly gated: true }
)

const THREADS = 64
/** Far more than any GPU runs at a time; beyond it, threads take several turns. */
const MOST_WORKGROUPS = 4096

/**
 * x: [rows · perRow, hidden], or gated [rows · perRow, 2·hidden]: gate, then up, no gap; y: [rows · perRow, hidden];
 * rows padded.
 */
export const activation = defineKernel({
  entry: 'activation',
  code,
  bindings: { x: 'read', y: 'write', step: 'uniform' },
  constants: ({ kind, hidden, gated, perRow = 1 }: ActivationShape) => ({
    KIND: kinds.indexOf(kind),
    HIDDEN: hidden,
    GATED: Number(gated),
    PER_ROW: perRow,
  }),
  workgroups: ({ hidden, perRow = 1 }, { rows }) => {
    const groups = cover(rows * perRow * padded(hidden), THREADS)
    return [Math.min(MOST_WORKGROUPS, groups), 1, 1]
  },
})
