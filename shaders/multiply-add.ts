import { defineKernel } from './kernel.ts'
import code from './multiply-add.wgsl?raw'

export interface MultiplyAddShape {
  /** Times `step.rows`. */
  readonly turns: number
}

const WORKGROUPS = 1024

export const MULTIPLY_ADD_THREADS = WORKGROUPS * 64

/** Multiplications and additions of one turn, all threads together: three vec4s each. */
export const FLOPS_PER_TURN = MULTIPLY_ADD_THREADS * 3 * 4 * 2

/** x: four numbers, a, b, and two that are not read; y: [MULTIPLY_ADD_THREADS, 4]. */
export const multiplyAdd = defineKernel({
  entry: 'multiply_add',
  code,
  bindings: { x: 'read', y: 'write', step: 'uniform' },
  constants: ({ turns }: MultiplyAddShape) => ({ TURNS: turns }),
  workgroups: () => [WORKGROUPS, 1, 1],
})
