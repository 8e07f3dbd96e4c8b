/**
 * Sampling on the GPU, as one timeline uses it: the buffers of the `survey`, `sample` and `top` kernels, and the ring
 * through which their results come back. Everything is made once, or when it is first asked for.
 */
import { drawnStats, drawnWords } from '../../shaders/drawn-stats.ts'
import type { Step } from '../../shaders/kernel.ts'
import { peakBytes } from '../../shaders/logits.ts'
import { candidatesOf, RESULT_BYTES, SAMPLE_BYTES, SAMPLE_STATUS, sample } from '../../shaders/sample.ts'
import { survey } from '../../shaders/survey.ts'
import { statsWords, tokenStats } from '../../shaders/token-stats.ts'
import { type Listed, MOST_TOP, readPairs, top } from '../../shaders/top.ts'
import type { Timeline } from '../decoder/timeline.ts'
import { HeadlightError } from '../errors.ts'
import type { Gpu } from '../gpu/gpu.ts'
import { type Dispatch, dispatch, encode, type Pass } from '../gpu/plan.ts'
import { Ring } from '../gpu/ring.ts'
import { MOST_AHEAD } from './pace.ts'
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
  readonly top?: readonly Listed[]
  /** Of the same distribution, and of the one that it was drawn from; present when asked for. */
  readonly probability?: {
    readonly rank: number
    readonly entropy: number
    readonly top: readonly Listed[]
    readonly drawn: { readonly logprob: number; readonly kept: number; readonly top: readonly Listed[] }
  }
}

/** What comes back of a token, one behind the other: the draw, the likeliest, statistics, and the same after the options. */
const TOP_BYTES = MOST_TOP * 8
const STATS_BYTES = 16 // the likeliest are listed by `top`, which is quicker
const DRAWN_BYTES = drawnWords(MOST_TOP) * 4

type Buffers = Readonly<
  Record<
    'bias' | 'counts' | 'keys' | 'surveys' | 'candidates' | 'result' | 'options' | 'top' | 'stats' | 'drawn',
    GPUBuffer
  >
>

/** Compiles what every sampler needs; the rest is compiled when it is first asked for. */
export const compileSampler = (gpu: Gpu, vocab: number): Promise<unknown> => gpu.pipelines.get(sample, { vocab })

export class Sampler {
  readonly latencyMs: number
  readonly #gpu: Gpu
  readonly #timeline: Timeline
  readonly #buffers: Buffers
  readonly #ring: Ring
  readonly #sample: readonly Dispatch[]
  #survey: readonly Dispatch[] = []
  #top: readonly Dispatch[] = []
  #stats: readonly Dispatch[] = []
  #surveys = false
  #bias = new Float32Array()
  #asked: Asked = { top: 0, probabilities: undefined }

  static async create(timeline: Timeline): Promise<Sampler> {
    const { gpu, spec, bufferOf } = timeline.decoder
    const { vocab } = spec
    const buffers = {
      bias: gpu.buffer('bias', vocab * 4),
      counts: gpu.buffer('counts', vocab * 4),
      keys: gpu.buffer('keys', vocab * 4),
      surveys: gpu.buffer('surveys', peakBytes(vocab)),
      candidates: gpu.buffer('candidates', candidatesOf(vocab) * 8),
      result: gpu.buffer('result', RESULT_BYTES),
      options: gpu.buffer('options', SAMPLING_BYTES, GPUBufferUsage.UNIFORM),
      top: gpu.buffer('top', TOP_BYTES),
      stats: gpu.buffer('stats', statsWords(1) * 4),
      drawn: gpu.buffer('drawn', DRAWN_BYTES),
    }
    const forward = { logits: bufferOf('logits')!, peaks: bufferOf('peaks')!, step: bufferOf('step')! }
    const draw = await dispatch(gpu, sample, { vocab }, { ...buffers, ...forward, ids: timeline.ids })
    return new Sampler(timeline, buffers, draw, await gpu.latency)
  }

  private constructor(timeline: Timeline, buffers: Buffers, draw: Dispatch, latencyMs: number) {
    const { gpu } = timeline.decoder
    this.#gpu = gpu
    this.#timeline = timeline
    this.#buffers = buffers
    this.#sample = [draw]
    this.#ring = new Ring(gpu.device, MOST_AHEAD, SAMPLE_BYTES + TOP_BYTES + STATS_BYTES + DRAWN_BYTES)
    this.latencyMs = latencyMs
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
    this.#asked = { top: sampling.topLogprobs, probabilities: sampling.probabilities }
    if (listed(this.#asked) > 0 && this.#top.length === 0) {
      const tensors = { logits, peaks: bufferOf('peaks')!, result: this.#buffers.top }
      this.#top = [await dispatch(this.#gpu, top, { vocab, count: MOST_TOP }, tensors)]
    }
    if (sampling.probabilities !== undefined && this.#stats.length === 0) {
      const { stats } = this.#buffers
      this.#stats = await Promise.all([
        dispatch(this.#gpu, tokenStats, { vocab, count: 1 }, { logits, next: this.#timeline.ids, stats }),
        dispatch(this.#gpu, drawnStats, { vocab, count: MOST_TOP }, this.#buffers),
      ])
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
    if (listed(this.#asked) > 0) encode(pass, this.#top, step)
    if (this.#asked.probabilities !== undefined) encode(pass, this.#stats, step)
  }

  /** Encodes the way back of token `n`, behind its pass: 16 bytes, more only where more is to be looked at. */
  collect(encoder: GPUCommandEncoder, n: number): void {
    const staging = this.#ring.staging(n)
    const { result, top, stats, drawn } = this.#buffers
    const count = listed(this.#asked)
    encoder.copyBufferToBuffer(result, 0, staging, 0, SAMPLE_BYTES)
    if (count > 0) encoder.copyBufferToBuffer(top, 0, staging, SAMPLE_BYTES, count * 8)
    if (this.#asked.probabilities === undefined) return
    const at = SAMPLE_BYTES + count * 8
    encoder.copyBufferToBuffer(stats, 0, staging, at, STATS_BYTES)
    encoder.copyBufferToBuffer(drawn, 0, staging, at + STATS_BYTES, drawnWords(this.#asked.probabilities) * 4)
  }

  /** Asks for token `n`, whose submit is on its way. */
  expect(n: number): void {
    this.#ring.expect(n, this.#bytes)
  }

  /** Waits for token `n`. @throws HeadlightError `not-finite`, `bad-input` (everything was banned); what WebGPU throws when the device is gone */
  read(n: number): Promise<Sampled> {
    return this.#ring.read(n, this.#bytes, (bytes) => unpack(bytes, this.#asked))
  }

  /** Waits for what is still in flight. */
  settle(): Promise<void> {
    return this.#ring.settle()
  }

  get #bytes(): number {
    const { probabilities } = this.#asked
    const more = probabilities === undefined ? 0 : STATS_BYTES + drawnWords(probabilities) * 4
    return SAMPLE_BYTES + listed(this.#asked) * 8 + more
  }

  destroy(): void {
    for (const buffer of Object.values(this.#buffers)) buffer.destroy()
    this.#ring.destroy()
  }
}

/** How many likeliest ids were asked for, by either option. */
interface Asked {
  readonly top: number
  readonly probabilities: number | undefined
}

const listed = ({ top, probabilities = 0 }: Asked): number => Math.max(top, probabilities)

function unpack(bytes: ArrayBuffer, asked: Asked): Sampled {
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
  const likeliest = readPairs(bytes, SAMPLE_BYTES, listed(asked))
  const sampled = {
    id: words[0]!,
    logprob: floats[1]!,
    ...(asked.top > 0 && { top: likeliest.slice(0, asked.top) }),
  }
  if (asked.probabilities === undefined) return sampled
  const at = SAMPLE_BYTES + listed(asked) * 8
  const kept = words[3]!
  const drawn =
    kept === 1 // a greedy draw has no statistics
      ? { logprob: 0, kept, top: [{ id: sampled.id, logprob: 0 }].slice(0, asked.probabilities) }
      : {
          logprob: floats[(at + STATS_BYTES) / 4]!,
          kept,
          top: readPairs(bytes, at + STATS_BYTES + 8, asked.probabilities),
        }
  const probability = {
    rank: words[at / 4]!,
    entropy: floats[at / 4 + 2]!,
    top: likeliest.slice(0, asked.probabilities),
    drawn,
  }
  return { ...sampled, probability }
}
