import code from './activation.wgsl?raw'
import { cover, defineKernel, padded } from './kernel.ts'

/** In the order of the constants in activation.wgsl. */
export const activations = ['gelu', 'gelu-tanh', 'silu', 'relu', 'relu2', 'quick-gelu'] as const
export type Activation = (typeof activations)[number]

export interface ActivationShape {
  readonly kind: Activation
  /** Numbers in a row of y. */
  readonly hidden: number
  /** y = act(gate) · up, rather than act(x). */
  readonly gated: boolean
}

const THREADS = 64
/** Far more than any GPU runs at a time; beyond it, threads take several turns. */
const MOST_WORKGROUPS = 4096

/** x: [rows, hidden], or gated [rows, 2·hidden]: gate, then up, no gap; y: [rows, hidden]; rows padded. */
export const activation = defineKernel({
  entry: 'activation',
  code,
  bindings: { x: 'read', y: 'write', step: 'uniform' },
  constants: ({ kind, hidden, gated }: ActivationShape) => ({
    KIND: activations.indexOf(kind),
    HIDDEN: hidden,
    GATED: Number(gated),
  }),
  workgroups: ({ hidden }, { rows }) => [Math.min(MOST_WORKGROUPS, cover(rows * padded(hidden), THREADS)), 1, 1],
})
