/**
 * How long each dispatch takes on the GPU: a pass for each, between two timestamps. For measuring only: passes take time
 * themselves, so that what writes tokens has one for all. Browsers may round timestamps, to 0.1 ms; the mean of many
 * runs is right all the same.
 */
import { HeadlightError } from '../errors.ts'
import type { Gpu } from './gpu.ts'
import { news } from './news.ts'
import type { Pass } from './plan.ts'

/** What ran: the labels of its pipeline and of its bind group. */
export interface Timing {
  readonly pipeline: string
  readonly group: string
  readonly milliseconds: number
}

/** What a query set may hold. */
const MOST_TIMESTAMPS = 4096
const NANOSECONDS = 1e-6

export class Timings {
  readonly #gpu: Gpu
  readonly #queries: GPUQuerySet
  readonly #resolved: GPUBuffer
  readonly #staging: GPUBuffer
  #timed: Omit<Timing, 'milliseconds'>[] = []

  /** @throws HeadlightError `unsupported` where this browser tells no time of the GPU */
  constructor(gpu: Gpu) {
    const { device } = gpu
    if (!device.features.has('timestamp-query')) {
      const message = 'this browser, or this GPU, does not say how long kernels take: it lacks timestamp-query'
      throw new HeadlightError('unsupported', message, { what: 'timestamp-query' })
    }
    this.#gpu = gpu
    this.#queries = device.createQuerySet({ label: 'timings', type: 'timestamp', count: MOST_TIMESTAMPS })
    const size = MOST_TIMESTAMPS * 8
    this.#resolved = device.createBuffer({
      label: 'timings',
      size,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    })
    this.#staging = device.createBuffer({
      label: 'timings',
      size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    })
  }

  /** Runs what `encode` encodes, and waits for it. @returns one timing a dispatch, in their order */
  async run(encode: (pass: Pass) => void): Promise<readonly Timing[]> {
    const { queue } = this.#gpu.device
    const encoder = this.#gpu.device.createCommandEncoder({ label: 'timings' })
    this.#timed = []
    encode(this.#passes(encoder))
    const bytes = this.#timed.length * 16
    if (bytes === 0) return []
    encoder.resolveQuerySet(this.#queries, 0, this.#timed.length * 2, this.#resolved, 0)
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, bytes)
    queue.submit([encoder.finish()])
    await news(this.#gpu.device, () => this.#staging.mapAsync(GPUMapMode.READ, 0, bytes))
    const stamps = new BigUint64Array(this.#staging.getMappedRange(0, bytes).slice(0))
    this.#staging.unmap()
    return this.#timed.map((labels, i) => ({
      ...labels,
      // A GPU that changes its clock in between may go back in time.
      milliseconds: Math.max(0, Number(stamps[2 * i + 1]! - stamps[2 * i]!)) * NANOSECONDS,
    }))
  }

  /** Stands in for one pass: begins another for each dispatch. */
  #passes(encoder: GPUCommandEncoder): Pass {
    let pipeline: GPUComputePipeline
    let group: GPUBindGroup
    return {
      setPipeline: (next) => {
        pipeline = next
      },
      setBindGroup: (_: number, next: GPUBindGroup | null | undefined) => {
        group = next!
      },
      dispatchWorkgroups: (x, y = 1, z = 1) => {
        const first = this.#timed.push({ pipeline: pipeline.label, group: group.label }) * 2 - 2
        if (first === MOST_TIMESTAMPS) {
          const most = MOST_TIMESTAMPS / 2
          throw new HeadlightError('too-large', `more than ${most} dispatches cannot be timed`, {
            what: 'dispatches',
            expected: most,
          })
        }
        const pass = encoder.beginComputePass({
          timestampWrites: {
            querySet: this.#queries,
            beginningOfPassWriteIndex: first,
            endOfPassWriteIndex: first + 1,
          },
        })
        pass.setPipeline(pipeline)
        pass.setBindGroup(0, group)
        pass.dispatchWorkgroups(x, y, z)
        pass.end()
      },
    }
  }

  destroy(): void {
    this.#queries.destroy()
    this.#resolved.destroy()
    this.#staging.destroy()
  }
}
