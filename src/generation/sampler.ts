/**
 * Sampling on the GPU, as one timeline uses it: the buffers of the `survey`, `sample` and `top` kernels, and the ring
 * through which their results come back. Everything is made once, or when it is first asked for.
 */
import type { Step } from '../../shaders/kernel.ts'
import { peakBytes } from '../../shaders/logits.ts'
import { candidatesOf, SAMPLE_BYTES, SAMPLE_STATUS, sample } from '../../shaders/sample.ts'
import { survey } from '../../shaders/survey.ts'
import { MOST_TOP, NO_ID, top } from '../../shaders/top.ts'
import type { Timeline } from '../decoder/timeline.ts'
import { HeadlightError } from '../errors.ts'
import type { Gpu } from '../gpu/gpu.ts'
import type { Latency } from '../gpu/latency.ts'
import { type Dispatch, dispatch, encode, type Pass } from '../gpu/plan.ts'
import { MOST_AHEAD } from './pace.ts'
import { Ring } from './ring.ts'
import {
  denseBias,
  initialCounts,
  isBiased,
  isPenalised,
  maskedBias,
  needsSurvey,
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

const TOP_BYTES = MOST_TOP * 8

type Buffers = Readonly<
  Record<'bias' | 'counts' | 'keys' | 'surveys' | 'candidates' | 'result' | 'options' | 'top', GPUBuffer>
>

/** Compiles what every sampler needs; the rest is compiled when it is first asked for. */
export const compileSampler = (gpu: Gpu, vocab: number): Promise<unknown> => gpu.pipelines.get(sample, { vocab })

export class Sampler {
  readonly latency: Latency
  readonly #gpu: Gpu
  readonly #timeline: Timeline
  readonly #buffers: Buffers
  readonly #ring: Ring
  readonly #sample: readonly Dispatch[]
  #survey: readonly Dispatch[] = []
  #top: readonly Dispatch[] = []
  #surveys = false
  #bias = new Float32Array()
  #listed = 0

  static async create(timeline: Timeline): Promise<Sampler> {
    const { gpu, spec, bufferOf } = timeline.decoder
    const { vocab } = spec
    const buffers = {
      bias: gpu.buffer('bias', vocab * 4),
      counts: gpu.buffer('counts', vocab * 4),
      keys: gpu.buffer('keys', vocab * 4),
      surveys: gpu.buffer('surveys', peakBytes(vocab)),
      candidates: gpu.buffer('candidates', candidatesOf(vocab) * 8),
      result: gpu.buffer('result', SAMPLE_BYTES),
      options: gpu.buffer('options', SAMPLING_BYTES, GPUBufferUsage.UNIFORM),
      top: gpu.buffer('top', TOP_BYTES),
    }
    const forward = { logits: bufferOf('logits')!, peaks: bufferOf('peaks')!, step: bufferOf('step')! }
    const draw = await dispatch(gpu, sample, { vocab }, { ...buffers, ...forward, ids: timeline.ids })
    return new Sampler(timeline, buffers, draw, await gpu.latency)
  }

  private constructor(timeline: Timeline, buffers: Buffers, draw: Dispatch, latency: Latency) {
    const { gpu } = timeline.decoder
    this.#gpu = gpu
    this.#timeline = timeline
    this.#buffers = buffers
    this.#sample = [draw]
    this.#ring = new Ring(gpu.device, latency, MOST_AHEAD, SAMPLE_BYTES + TOP_BYTES)
    this.latency = latency
  }

  /** Sets the options of the draws to come, and forgets what was written before. */
  async begin(sampling: ResolvedSampling, seed: number, prompt: readonly number[]): Promise<void> {
    const { queue } = this.#gpu.device
    const { spec, bufferOf } = this.#timeline.decoder
    const { vocab } = spec
    const logits = bufferOf('logits')!
    queue.writeBuffer(this.#buffers.options, 0, packSampling(sampling, seed))
    if (isPenalised(sampling)) queue.writeBuffer(this.#buffers.counts, 0, initialCounts(prompt, vocab))
    if (isBiased(sampling)) {
      this.#bias = denseBias(sampling.logitBias, vocab)
      queue.writeBuffer(this.#buffers.bias, 0, this.#bias)
    }
    this.#surveys = needsSurvey(sampling)
    if (this.#surveys && this.#survey.length === 0) {
      this.#survey = [await dispatch(this.#gpu, survey, { vocab }, { ...this.#buffers, logits })]
    }
    this.#listed = sampling.topLogprobs
    if (this.#listed > 0 && this.#top.length === 0) {
      const tensors = { logits, peaks: bufferOf('peaks')!, result: this.#buffers.top }
      this.#top = [await dispatch(this.#gpu, top, { vocab, count: MOST_TOP }, tensors)]
    }
  }

  /** Limits the next draw to the ids that are set in `allowed`, a bit set; for samplings with a `responseFormat`. */
  allow(allowed: Uint32Array): void {
    this.#gpu.device.queue.writeBuffer(this.#buffers.bias, 0, maskedBias(this.#bias, allowed))
  }

  /** logits → ids[0], result. Creates nothing. */
  encode(pass: Pass, step: Step): void {
    if (this.#surveys) encode(pass, this.#survey, step)
    encode(pass, this.#sample, step)
    if (this.#listed > 0) encode(pass, this.#top, step)
  }

  /** Encodes the way back of token `n`, behind its pass: 16 bytes, more only for a list of the likeliest. */
  collect(encoder: GPUCommandEncoder, n: number): void {
    const staging = this.#ring.staging(n)
    encoder.copyBufferToBuffer(this.#buffers.result, 0, staging, 0, SAMPLE_BYTES)
    if (this.#listed > 0) encoder.copyBufferToBuffer(this.#buffers.top, 0, staging, SAMPLE_BYTES, this.#listed * 8)
  }

  /** Asks for token `n`, whose submit is on its way. */
  expect(n: number): void {
    this.#ring.expect(n, this.#bytes)
  }

  /** Waits for token `n`. @throws HeadlightError `not-finite`, `bad-input` (everything was banned); what WebGPU throws when the device is gone */
  read(n: number): Promise<Sampled> {
    return this.#ring.read(n, this.#bytes, (bytes) => unpack(bytes, this.#listed))
  }

  /** Waits for what is still in flight. */
  settle(): Promise<void> {
    return this.#ring.settle()
  }

  get #bytes(): number {
    return SAMPLE_BYTES + this.#listed * 8
  }

  destroy(): void {
    for (const buffer of Object.values(this.#buffers)) buffer.destroy()
    this.#ring.destroy()
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
