import { defineKernel } from './kernel.ts'
import code from './stream.wgsl?raw'

export interface StreamShape {
  /** Numbers of x: a multiple of STREAM_THREADS · 16. */
  readonly count: number
  /** Threads that read side by side, or 1. */
  readonly together: 1 | 64
}

const WORKGROUPS = 1024

/** Partial sums, of four numbers each. */
export const STREAM_THREADS = WORKGROUPS * 64

/** x: [count]; y: [STREAM_THREADS, 4]; `step.rows` is how often x is read. */
export const stream = defineKernel({
  entry: 'stream',
  code,
  bindings: { x: 'read', y: 'write', step: 'uniform' },
  constants: ({ count, together }: StreamShape) => ({ COUNT: count / 4, TOGETHER: together }),
  workgroups: () => [WORKGROUPS, 1, 1],
})
