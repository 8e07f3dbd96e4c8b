/** Where the time of a pass goes. */
import type { WeightLayout } from '../../../shaders/kernel.ts'

export interface ProfileOptions {
  /** Tokens of the step: 1 is a token being written, more are a part of a prompt. Default 1. */
  readonly rows?: number
  /** Tokens before them. Default 0. */
  readonly position?: number
  readonly signal?: AbortSignal
}

/** Dispatches of one kernel at one shape in a step, together. */
export interface KernelProfile {
  readonly kernel: string
  /** What matrix it reads, if it reads one: 'mlp.down' stands for that of every layer. */
  readonly weight: string | undefined
  readonly layout: WeightLayout | undefined
  readonly dispatches: number
  readonly milliseconds: number
  /** Of weights, and of keys and values, that are read. */
  readonly bytes: number
  /** Multiplications and additions with these. */
  readonly flops: number
}

/** What a kernel that only reads, and one that only multiplies and adds float32 numbers, reach on this device. */
export interface Peak {
  readonly bytesPerSecond: number
  readonly flopsPerSecond: number
}

export interface Profile {
  readonly peak: Peak
  /** In the order in which they run first. */
  readonly kernels: readonly KernelProfile[]
}
