/** Where the time of a step goes: every dispatch of it timed, those of one kind together, beside what the device can do. */
import type { Step } from '../../shaders/kernel.ts'
import type { Decoder } from '../decoder/decoder.ts'
import { Timeline } from '../decoder/timeline.ts'
import { workOf } from '../decoder/work.ts'
import { HeadlightError } from '../errors.ts'
import { Sampler } from '../generation/sampler.ts'
import { resolveSampling } from '../generation/sampling.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { peakOf } from '../gpu/peak.ts'
import type { Pass } from '../gpu/plan.ts'
import { type Timing, Timings } from '../gpu/timings.ts'
import type { KernelProfile, Peak, Profile, ProfileOptions } from './types.ts'

/** Enough for a mean of timestamps that are rounded; fewer where they take longer than this. */
const ROUNDS = 16
const LONG_MS = 2000

/** Measured once a device. */
const peaks = new WeakMap<Gpu, Promise<Peak>>()

/** @throws HeadlightError `unsupported` where the GPU tells no time, `bad-input`, `context-full`; the signal's reason */
export async function profile(
  decoder: Decoder,
  { rows = 1, position = 0, signal }: ProfileOptions = {},
): Promise<Profile> {
  const { gpu, spec } = decoder
  refuseUnless(
    Number.isInteger(rows) && rows >= 1 && rows <= decoder.chunks.most,
    'rows',
    rows,
    `1 to ${decoder.chunks.most}`,
  )
  const last = spec.context - rows
  refuseUnless(Number.isInteger(position) && position >= 0 && position <= last, 'position', position, `0 to ${last}`)
  const timings = new Timings(gpu)
  const timeline = new Timeline(decoder)
  let sampler: Sampler | undefined
  try {
    if (!peaks.has(gpu)) peaks.set(gpu, peakOf(gpu, timings))
    const peak = await peaks.get(gpu)!
    await timeline.reserve(position + rows)
    if (rows > 1) await timeline.prepareMany()
    const drawing = await Sampler.create(timeline)
    sampler = drawing
    await drawing.begin(resolveSampling({ temperature: 0.8, topK: 40 }, {}, spec.vocab), 1, [])
    const step = timeline.step(rows, position, rows - 1, position + rows)
    const encode = (pass: Pass) => {
      timeline.encode(pass, step, true)
      drawing.encode(pass, step)
    }
    decoder.writeStep(step)
    await timings.run(encode) // drivers may compile at first use
    const rounds: (readonly Timing[])[] = []
    for (const start = performance.now(); rounds.length < ROUNDS && performance.now() - start < LONG_MS; ) {
      signal?.throwIfAborted()
      decoder.writeStep(step)
      rounds.push(await timings.run(encode))
    }
    return { peak, kernels: together(decoder, step, rounds) }
  } finally {
    sampler?.destroy()
    timeline.destroy()
    timings.destroy()
  }
}

/**
 * Dispatches of one pipeline on one kind of matrix, summed up. Of their times the best round's, as others were disturbed;
 * where timestamps are rounded, so that some dispatches take no time, the mean's.
 */
function together(decoder: Decoder, step: Step, rounds: readonly (readonly Timing[])[]): KernelProfile[] {
  const kernels = new Map<string, KernelProfile>()
  const none = { dispatches: 0, milliseconds: 0, bytes: 0, flops: 0 }
  const rounded = rounds.flat().some(({ milliseconds }) => milliseconds === 0)
  for (const [i, { pipeline, group }] of rounds[0]!.entries()) {
    const work = workOf(decoder, { pipeline, group }, step)
    const key = `${pipeline} ${work.weight}`
    const sum = kernels.get(key) ?? { ...work, ...none }
    const times = rounds.map((timed) => timed[i]!.milliseconds)
    const milliseconds = rounded ? times.reduce((total, time) => total + time, 0) / times.length : Math.min(...times)
    kernels.set(key, {
      ...sum,
      dispatches: sum.dispatches + 1,
      milliseconds: sum.milliseconds + milliseconds,
      bytes: sum.bytes + work.bytes,
      flops: sum.flops + work.flops,
    })
  }
  return [...kernels.values()]
}

function refuseUnless(good: boolean, option: string, found: number, expected: string): void {
  const message = `${option} is ${found}; expected ${expected}`
  if (!good) throw new HeadlightError('bad-input', message, { option, found, expected })
}
