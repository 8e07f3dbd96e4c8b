import { defineKernel } from './kernel.ts'
import code from './lane-sums.wgsl?raw'

const WORKGROUPS = 16

export const LANE_SUMS_THREADS = WORKGROUPS * 64

/** x: [LANE_SUMS_THREADS]; y: [LANE_SUMS_THREADS, 2]. */
export const laneSums = defineKernel({
  entry: 'lane_sums',
  code,
  lanes: true,
  bindings: { x: 'read', y: 'write' },
  constants: () => ({}),
  workgroups: () => [WORKGROUPS, 1, 1],
})

/** Whether `y` is what follows from `x`, if lanes are neighbours. */
export function areLaneSums(x: Float32Array, y: Float32Array): boolean {
  const lanes = y[0]!
  if (![1, 2, 4, 8, 16, 32, 64].includes(lanes)) return false
  return x.every((_, i) => {
    const first = i - (i % lanes)
    const sum = x.subarray(first, first + lanes).reduce((total, value) => total + value, 0)
    return y[2 * i] === lanes && Math.abs(y[2 * i + 1]! - sum) < 1e-4
  })
}
