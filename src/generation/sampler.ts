/**
 * Sampling on the GPU, as one timeline uses it: the buffers of the `sample` and `top` kernels, and the ring through
 * which their results come back. Everything is made once.
 */
import type { Step } from '../../shaders/kernel.ts'
import { SAMPLE_BYTES, SAMPLE_STATUS, sample } from '../../shaders/sample.ts'
import { MOST_TOP, NO_ID, top } from '../../shaders/top.ts'
import type { Timeline } from '../decoder/timeline.ts'
import { HeadlightError } from '../errors.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { type Dispatch, dispatch, encode } from '../gpu/plan.ts'
import {
  denseBias,
  initialCounts,
  maskedBias,
  packSampling,
  type ResolvedSampling,
  SAMPLING_BYTES,
} from './sampling.ts'

/** What came back of one token. */
export interface Sampled {
  readonly id: number
  /** Natural logarithm, of the model's own distribution. */
  readonly logprob: number
  /** Likeliest first; present when asked for. */
  readonly top?: readonly { readonly id: number; readonly logprob: number }[]
}

/** Tokens in flight. More hide longer waits for the GPU; after an end of text, all but one were in vain. */
export const TOKENS_AHEAD = 4

const TOP_BYTES = MOST_TOP * 8

type Buffers = Readonly<Record<'bias' | 'counts' | 'adjusted' | 'result' | 'options' | 'top', GPUBuffer>>

/** A result on its way to the CPU. */
interface Place {
  readonly staging: GPUBuffer
  mapped: Promise<void> | undefined
}

/** Compiles what a sampler needs; `top` is compiled when it is first asked for. */
export const compileSampler = (gpu: Gpu, vocab: number): Promise<unknown> => gpu.pipelines.get(sample, { vocab })

export class Sampler {
  readonly #gpu: Gpu
  readonly #vocab: number
  readonly #buffers: Buffers
  readonly #sample: readonly Dispatch[]
  readonly #ring: readonly Place[]
  readonly #logits: GPUBuffer
  #top: readonly Dispatch[] = []
  #bias = new Float32Array()
  #listed = 0

  static async create(timeline: Timeline): Promise<Sampler> {
    const { gpu, spec, bufferOf } = timeline.decoder
    const numbers = spec.vocab * 4
    const buffers = {
      bias: gpu.buffer('bias', numbers),
      counts: gpu.buffer('counts', numbers),
      adjusted: gpu.buffer('adjusted', numbers),
      result: gpu.buffer('result', SAMPLE_BYTES),
      options: gpu.buffer('options', SAMPLING_BYTES, GPUBufferUsage.UNIFORM),
      top: gpu.buffer('top', TOP_BYTES),
    }
    const logits = bufferOf('logits')!
    const { bias, counts, adjusted, result, options } = buffers
    const tensors = { logits, bias, counts, adjusted, ids: timeline.ids, result, options, step: bufferOf('step')! }
    return new Sampler(gpu, spec.vocab, logits, buffers, await dispatch(gpu, sample, { vocab: spec.vocab }, tensors))
  }

  private constructor(gpu: Gpu, vocab: number, logits: GPUBuffer, buffers: Buffers, draw: Dispatch) {
    this.#gpu = gpu
    this.#vocab = vocab
    this.#logits = logits
    this.#buffers = buffers
    this.#sample = [draw]
    this.#ring = Array.from({ length: TOKENS_AHEAD }, () => ({
      staging: gpu.device.createBuffer({
        label: 'sampled',
        size: SAMPLE_BYTES + TOP_BYTES,
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      }),
      mapped: undefined,
    }))
  }

  /** Sets the options of the draws to come, and forgets what was written before. */
  async begin(sampling: ResolvedSampling, seed: number, prompt: readonly number[]): Promise<void> {
    const { queue } = this.#gpu.device
    const { repetitionPenalty, presencePenalty, frequencyPenalty, logitBias, topLogprobs } = sampling
    queue.writeBuffer(this.#buffers.options, 0, packSampling(sampling, seed))
    if (repetitionPenalty !== 1 || presencePenalty !== 0 || frequencyPenalty !== 0) {
      queue.writeBuffer(this.#buffers.counts, 0, initialCounts(prompt, this.#vocab))
    }
    if (logitBias.size > 0 || sampling.responseFormat) {
      this.#bias = denseBias(logitBias, this.#vocab)
      queue.writeBuffer(this.#buffers.bias, 0, this.#bias)
    }
    this.#listed = topLogprobs
    if (topLogprobs > 0 && this.#top.length === 0) {
      const tensors = { logits: this.#logits, result: this.#buffers.top }
      this.#top = [await dispatch(this.#gpu, top, { vocab: this.#vocab, count: MOST_TOP }, tensors)]
    }
  }

  /** Limits the next draw to the ids that are set in `allowed`, a bit set; for samplings with a `responseFormat`. */
  allow(allowed: Uint32Array): void {
    this.#gpu.device.queue.writeBuffer(this.#buffers.bias, 0, maskedBias(this.#bias, allowed))
  }

  /** logits → ids[0], result. Creates nothing. */
  encode(pass: GPUComputePassEncoder, step: Step): void {
    encode(pass, this.#sample, step)
    if (this.#listed > 0) encode(pass, this.#top, step)
  }

  /** Encodes the way back of token `n`, behind its pass: 16 bytes, more only for a list of the likeliest. */
  collect(encoder: GPUCommandEncoder, n: number): void {
    const { staging } = this.#place(n)
    encoder.copyBufferToBuffer(this.#buffers.result, 0, staging, 0, SAMPLE_BYTES)
    if (this.#listed > 0) encoder.copyBufferToBuffer(this.#buffers.top, 0, staging, SAMPLE_BYTES, this.#listed * 8)
  }

  /** Asks for token `n`, whose submit is on its way. */
  expect(n: number): void {
    const place = this.#place(n)
    place.mapped = place.staging.mapAsync(GPUMapMode.READ, 0, SAMPLE_BYTES + this.#listed * 8)
    place.mapped.catch(() => undefined) // whoever reads it, or `settle`, sees the failure
  }

  /** Waits for token `n`. @throws HeadlightError `not-finite`, `bad-input` (everything was banned); what WebGPU throws when the device is gone */
  async read(n: number): Promise<Sampled> {
    const place = this.#place(n)
    await place.mapped
    const range = place.staging.getMappedRange(0, SAMPLE_BYTES + this.#listed * 8)
    const sampled = unpack(range, this.#listed)
    this.#release(place)
    return sampled
  }

  /** Waits for what is still in flight, so that the ring is free again. */
  async settle(): Promise<void> {
    for (const place of this.#ring) {
      await place.mapped?.catch(() => undefined)
      this.#release(place)
    }
  }

  #place(n: number): Place {
    return this.#ring[n % TOKENS_AHEAD]!
  }

  #release(place: Place): void {
    if (place.mapped && place.staging.mapState === 'mapped') place.staging.unmap()
    place.mapped = undefined
  }

  destroy(): void {
    for (const buffer of Object.values(this.#buffers)) buffer.destroy()
    for (const { staging } of this.#ring) staging.destroy()
  }
}

function unpack(bytes: ArrayBuffer, listed: number): Sampled {
  const words = new Uint32Array(bytes)
  const floats = new Float32Array(bytes)
  const status = words[2]
  if (status === SAMPLE_STATUS.notFinite) {
    throw new HeadlightError(
      'not-finite',
      'the model produced numbers that are not finite; its weights, or this GPU, are at fault',
    )
  }
  if (status === SAMPLE_STATUS.allBanned) {
    throw new HeadlightError('bad-input', 'logitBias bans every token that may come next', { option: 'logitBias' })
  }
  const sampled = { id: words[0]!, logprob: floats[1]! }
  if (listed === 0) return sampled
  const ranks = Array.from({ length: listed }, (_, rank) => SAMPLE_BYTES / 4 + rank * 2)
  const found = ranks.filter((at) => words[at] !== NO_ID)
  return { ...sampled, top: found.map((at) => ({ id: words[at]!, logprob: floats[at + 1]! })) }
}
