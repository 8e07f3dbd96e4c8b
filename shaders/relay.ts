import { defineKernel } from './kernel.ts'
import code from './relay.wgsl?raw'

export interface RelayShape {
  readonly multiply: number
  readonly add: number
  readonly shared: boolean
}

const WORKGROUPS = 64

export const RELAY_THREADS = WORKGROUPS * 64

/** x, y: [RELAY_THREADS]. */
export const relay = defineKernel({
  entry: 'relay',
  code,
  bindings: { x: 'read', y: 'write', step: 'uniform' },
  constants: ({ multiply, add, shared }: RelayShape) => ({ MULTIPLY: multiply, ADD: add, SHARED: Number(shared) }),
  workgroups: () => [WORKGROUPS, 1, 1],
})
