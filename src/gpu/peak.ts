/** What this device can do at most, by two kernels that do nothing else. */

import { STEP_BYTES } from '../../shaders/kernel.ts'
import { FLOPS_PER_TURN, MULTIPLY_ADD_THREADS, multiplyAdd } from '../../shaders/multiply-add.ts'
import { STREAM_THREADS, stream } from '../../shaders/stream.ts'
import type { Peak } from '../engine/types.ts'
import type { Gpu } from './gpu.ts'
import { type Dispatch, dispatch, encode } from './plan.ts'
import type { Timings } from './timings.ts'

/** Larger than what caches of most GPUs hold. */
const STREAM_BYTES = 128 * 1024 * 1024
const TURNS = 256

/** Timestamps may be rounded to 0.1 ms: what is timed shall take much longer. */
const LONG_MS = 5
const MOST_REPEATS = 4096
const ROUNDS = 5
/** A device that is slow gets fewer rounds, of which the first may compile. */
const ENOUGH_MS = 1000

/** Takes a second or a few, and 128 MB of GPU memory while it does. */
export async function peakOf(gpu: Gpu, timings: Timings): Promise<Peak> {
  const step = gpu.buffer('step', STEP_BYTES, GPUBufferUsage.UNIFORM)
  const bytes = Math.floor(Math.min(STREAM_BYTES, gpu.partBytes) / (STREAM_THREADS * 64)) * STREAM_THREADS * 64
  const memory = gpu.buffer('stream', bytes)
  const sums = gpu.buffer('stream sums', STREAM_THREADS * 16)
  const start = gpu.buffer('multiply-add', 32)
  const results = gpu.buffer('multiply-add results', MULTIPLY_ADD_THREADS * 16)
  try {
    gpu.device.queue.writeBuffer(start, 0, Float32Array.of(1, 2, 3, 4, 0.5, 0.25))
    const reads: number[] = []
    for (const together of [64, 1] as const) {
      const read = await dispatch(gpu, stream, { count: bytes / 4, together }, { x: memory, y: sums, step })
      reads.push(await millisecondsOf(read))
    }
    const compute = await dispatch(gpu, multiplyAdd, { turns: TURNS }, { x: start, y: results, step })
    return {
      bytesPerSecond: (bytes * 1000) / Math.min(...reads),
      flopsPerSecond: (TURNS * FLOPS_PER_TURN * 1000) / (await millisecondsOf(compute)),
    }
  } finally {
    for (const buffer of [step, memory, sums, start, results]) buffer.destroy()
  }

  /** Of one repeat, the best of a few rounds. */
  async function millisecondsOf(one: Dispatch): Promise<number> {
    let best = Number.POSITIVE_INFINITY
    const begun = performance.now()
    for (let repeats = 1, round = 0; round < 2 || (round < ROUNDS && performance.now() - begun < ENOUGH_MS); ) {
      const rows = { rows: repeats, position: 0, first: 0, padding: 0, table: 0 }
      gpu.device.queue.writeBuffer(step, 0, Uint32Array.of(repeats))
      const [timing] = await timings.run((pass) => encode(pass, [one], rows))
      const { milliseconds } = timing!
      if (milliseconds < LONG_MS && repeats < MOST_REPEATS) repeats *= 4
      else {
        best = Math.min(best, milliseconds / repeats)
        round++
      }
    }
    return best
  }
}
