import code from './activation.wgsl?raw'
import acts from './fragments/activations.wgsl?raw'
import { cover, defineKernel, padded } from './kernel.ts'

export const activations = ['gelu', 'gelu-tanh', 'silu', 'relu', 'relu2', 'quick-gelu'] as const
export type Activation = (typeof activations)[number]

/** Of a gate and a number together: (up + 1) · gate · σ(1.702 gate), gate cut off above 7 and up at ±7. */
const CLAMPED_SWIGLU = 'clamped-swiglu'
/** In the order of the constants in fragments/activations.wgsl. */
const kinds = [...activations, CLAMPED_SWIGLU, 'identity'] as const

/** An activation by name, of one number, or of a gate and a number: act(gate) · up. */
export type ActivationForm =
  | { readonly kind: Activation; readonly gated: boolean }
  | { readonly kind: typeof CLAMPED_SWIGLU; readonly gated: true }

export type ActivationShape = ActivationForm & {
  /** Numbers in a row of y. */
  readonly hidden: number
  /** Rows of x and y for each token. Default 1. */
  readonly perRow?: number
}

/** The constants of fragments/activations.wgsl. */
export const activationConstants = (form: ActivationForm | undefined) => ({
  ACTIVATION: kinds.indexOf(form?.kind ?? 'identity'),
  GATED: Number(form?.gated ?? false),
})

/** Threads of a workgroup times numbers that each makes at once. */
const NUMBERS = 64 * 4
/** Far more than any GPU runs at a time; beyond it, threads take several turns. */
const MOST_WORKGROUPS = 4096

/**
 * x: [rows · perRow, hidden], or gated [rows · perRow, 2·hidden]: gate, then up, no gap; y: [rows · perRow, hidden];
 * rows padded.
 */
export const activation = defineKernel({
  entry: 'activation',
  code: acts + code,
  bindings: { x: 'read', y: 'write', step: 'uniform' },
  constants: (shape: ActivationShape) => ({
    ...activationConstants(shape),
    HIDDEN: shape.hidden,
    PER_ROW: shape.perRow ?? 1,
  }),
  workgroups: ({ hidden, perRow = 1 }) => [
    ({ rows }) => Math.min(MOST_WORKGROUPS, cover(rows * perRow * padded(hidden), NUMBERS)),
    1,
    1,
  ],
})
