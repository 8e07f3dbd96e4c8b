import { expect, test } from 'vitest'
import type { GenerateOptions } from '../src/engine/types.ts'
import {
  denseBias,
  initialCounts,
  needsSurvey,
  packSampling,
  resolveSampling,
  SAMPLING_BYTES,
} from '../src/generation/sampling.ts'
import { read } from '../src/gpu/readback.ts'
import { expectAgreement } from '../test/agreement.ts'
import { gpu } from '../test/gpu.ts'
import * as oracle from '../test/oracle-sampling.ts'
import { peaksOf } from '../test/peaks.ts'
import { cover, STEP_BYTES } from './kernel.ts'
import { PEAK_IDS, peakBytes } from './logits.ts'
import { candidatesOf, RESULT_BYTES, SAMPLE_STATUS, sample, threadsOf } from './sample.ts'
import { survey } from './survey.ts'

interface Draw {
  readonly options: GenerateOptions
  readonly position: number
}
interface Drawn {
  readonly id: number
  readonly logprob: number
  readonly status: number
  /** Ids it was drawn from. */
  readonly kept: number
}

/** Where one draw's uniforms and result lie in buffers that many draws share: the alignment that WebGPU guarantees. */
const SLOT = 256

/**
 * Many draws from the same logits, one after the other in one submit; what the last left in the buffers, and the logits
 * that it saw after bias and penalties.
 */
async function drawAll(
  logits: Float32Array<ArrayBuffer>,
  draws: readonly Draw[],
  { bias, prompt = [], generated = [] }: Pick<oracle.Adjustments, 'bias' | 'prompt' | 'generated'> = {},
): Promise<{ drawn: Drawn[]; adjusted: Float64Array; counts: Uint32Array; ids: Uint32Array }> {
  const { device, pipelines } = gpu
  const vocab = logits.length
  const counts = initialCounts(prompt, vocab)
  for (const id of generated) counts[id]!++
  const slots = new ArrayBuffer(SLOT * draws.length * 2)
  const surveyed = draws.map(({ options, position }, i) => {
    const sampling = resolveSampling(options, {}, vocab)
    new Uint8Array(slots, SLOT * 2 * i).set(new Uint8Array(packSampling(sampling, options.seed ?? 0)))
    new Uint32Array(slots, SLOT * (2 * i + 1)).set([1, position - 1, 0, 0])
    return needsSurvey(sampling)
  })
  const upload = (label: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) => {
    const buffer = gpu.buffer(label, data.byteLength)
    device.queue.writeBuffer(buffer, 0, data)
    return buffer
  }
  const uniforms = gpu.buffer('uniforms', slots.byteLength, GPUBufferUsage.UNIFORM)
  device.queue.writeBuffer(uniforms, 0, slots)
  const buffers = {
    logits: upload('logits', logits),
    peaks: upload('peaks', peaksOf(logits)),
    bias: bias ? upload('bias', denseBias(bias, vocab)) : gpu.buffer('bias', 16),
    keys: gpu.buffer('keys', vocab * 4),
    surveys: gpu.buffer('surveys', peakBytes(vocab)),
    counts: upload('counts', counts),
    candidates: gpu.buffer('candidates', candidatesOf(vocab) * 8),
    ids: upload('ids', Uint32Array.of(77, 78)),
    result: gpu.buffer('result', SLOT * draws.length),
  }
  device.pushErrorScope('validation')
  const surveying = await pipelines.get(survey, { vocab })
  const sampling = await pipelines.get(sample, { vocab })
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  draws.forEach((_, i) => {
    const own: Readonly<Record<string, GPUBufferBinding>> = {
      result: { buffer: buffers.result, offset: SLOT * i, size: RESULT_BYTES },
      options: { buffer: uniforms, offset: SLOT * 2 * i, size: SAMPLING_BYTES },
      step: { buffer: uniforms, offset: SLOT * (2 * i + 1), size: STEP_BYTES },
    }
    const bind = (kernel: typeof survey | typeof sample) => {
      const names = Object.keys(kernel.bindings) as (keyof typeof buffers)[]
      const entries = names.map((name, binding) => ({ binding, resource: own[name] ?? { buffer: buffers[name] } }))
      pass.setBindGroup(0, device.createBindGroup({ layout: pipelines.bindGroupLayout(kernel), entries }))
    }
    if (surveyed[i]) {
      pass.setPipeline(surveying)
      bind(survey)
      pass.dispatchWorkgroups(cover(vocab, PEAK_IDS * 64))
    }
    pass.setPipeline(sampling)
    bind(sample)
    pass.dispatchWorkgroups(1)
  })
  pass.end()
  device.queue.submit([encoder.finish()])
  const error = await device.popErrorScope()
  if (error) throw new Error(error.message)
  const results = await read(device, buffers.result)
  const drawn = draws.map((_, i) => {
    const [id, , status, kept] = new Uint32Array(results, SLOT * i, 4) as unknown as [number, number, number, number]
    return { id, logprob: new Float32Array(results, SLOT * i, 2)[1]!, status, kept }
  })
  const keys = new Uint32Array(await read(device, buffers.keys, 0, vocab * 4))
  const left = new Uint32Array(await read(device, buffers.counts, 0, vocab * 4))
  const ids = new Uint32Array(await read(device, buffers.ids, 0, 8))
  for (const buffer of [...Object.values(buffers), uniforms]) buffer.destroy()
  const adjusted = surveyed.at(-1) ? Float64Array.from(keys, valueOf) : Float64Array.from(logits)
  return { drawn, adjusted, counts: left, ids }
}

/** The logit behind a key. */
function valueOf(key: number): number {
  if (key === 0) return Number.NEGATIVE_INFINITY
  return new Float32Array(Uint32Array.of(key >>> 31 ? key & 0x7fffffff : ~key).buffer)[0]!
}

/** Uniform numbers between 0 and 1; the same for the same arguments. */
const uniform = (stream: number, i: number) => (oracle.hash(stream, i, 3, 4) + 0.5) / 2 ** 32

/** Logits as models have them, bell-shaped; with a `grain`, rounded to its multiples, so that many are equal. */
function bell(vocab: number, stream: number, spread = 3, grain = 0): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: vocab }, (_, i) => {
    const normal = Math.sqrt(-2 * Math.log(uniform(stream, i))) * Math.cos(2 * Math.PI * uniform(stream + 1, i))
    return grain ? Math.round((normal * spread) / grain) * grain : normal * spread
  })
}

/** Fails unless `drawn` came from the ids that the oracle keeps, and won the oracle's race among them. */
function expectFair(drawn: Drawn, l: ArrayLike<number>, { options, position }: Draw): void {
  const { temperature = 0, topK = 0, topP = 1, minP = 0, seed = 0 } = options
  const within = (band: number) => {
    const p = topP < 1 ? Math.min(topP + band, 1) : 1
    return oracle.candidates(l, { temperature, topK, topP: p, minP: minP * (1 - band) })
  }
  const most = within(1e-5)
  expect(drawn.status).toBe(SAMPLE_STATUS.ok)
  expect(drawn.kept, JSON.stringify(options)).toBeGreaterThanOrEqual(within(-1e-5).length)
  expect(drawn.kept, JSON.stringify(options)).toBeLessThanOrEqual(most.length)
  const kept = most.slice(0, drawn.kept)
  expect(kept).toContain(drawn.id)
  const words = new Uint32Array(packSampling(resolveSampling(options, {}, l.length), seed))
  const time = (id: number) =>
    oracle.raceTime([words[0]!, words[1]!], position, id, (l[id]! - l[kept[0]!]!) / temperature)
  const first = kept.reduce((least, id) => Math.min(least, time(id)), Number.POSITIVE_INFINITY)
  expect(time(drawn.id) / first).toBeLessThan(1 + 1e-4)
}

test('temperature 0 takes the largest logit, the lowest id among equals', async () => {
  const logits = bell(509, 1)
  for (const id of [77, 300, 333, 508]) logits[id] = 20
  const { drawn, counts, ids } = await drawAll(logits, [{ options: {}, position: 5 }])
  expect(drawn[0]).toMatchObject({ id: 77, status: SAMPLE_STATUS.ok, kept: 1 })
  expect(drawn[0]!.logprob).toBeCloseTo(oracle.logprob(logits, 77), 5)
  expect([...ids]).toEqual([77, 78])
  expect(counts[77]).toBe(1)
  expect(counts.reduce((sum, n) => sum + n, 0)).toBe(1)
})

test('−0 equals 0, and negative logits order as numbers do', async () => {
  const { drawn } = await drawAll(Float32Array.of(-3, -0, 0), [{ options: {}, position: 1 }])
  expect(drawn[0]!.id).toBe(1)
  const negative = await drawAll(Float32Array.of(-3, -2, -200), [{ options: {}, position: 1 }])
  expect(negative.drawn[0]!.id).toBe(1)
})

/** Options of every kind: thresholds that fall high and low, alone and together. */
function randomOptions(vocab: number, count: number): Draw[] {
  return Array.from({ length: count }, (_, i) => {
    const pick = (n: number) => uniform(1000 + n, i)
    return {
      position: 1 + Math.floor(pick(0) * 4000),
      options: {
        seed: i - 3,
        temperature: [0.3, 0.8, 1, 1.7][i % 4]!,
        topK: i % 3 === 0 ? 0 : Math.ceil(pick(1) ** 3 * vocab * 1.1),
        topP: i % 4 === 3 ? 1 : i % 8 === 2 ? pick(2) * 0.1 + 1e-9 : pick(2),
        minP: i % 5 === 4 ? pick(3) ** 2 : 0,
      },
    }
  })
}

test.each([
  [3, 0, 40],
  [3, 1, 40],
  [31, 0, 40],
  [31, 1, 40],
  [509, 0, 40],
  [509, 0.5, 40],
  [4096, 0, 20],
  [4096, 0.5, 20],
  [50257, 0, 9],
  [50257, 0.5, 9],
  [152064, 0, 2],
])('vocab %i, grain %f: thresholds and draws agree with the sorted oracle', async (vocab, grain, count) => {
  const logits = bell(vocab, vocab + grain, 3, grain)
  const draws = randomOptions(vocab, count)
  const { drawn } = await drawAll(logits, draws)
  for (const [i, draw] of draws.entries()) expectFair(drawn[i]!, logits, draw)
  const difference = drawn.map(({ id, logprob }) => Math.abs(logprob - oracle.logprob(logits, id)))
  expect(Math.max(...difference)).toBeLessThan(1e-5)
})

test.each([4096, 20000])('vocab %i: the likeliest ids lie under the peaks of one thread', async (vocab) => {
  const logits = bell(vocab, 40)
  const threads = threadsOf(vocab)
  const under = Array.from({ length: vocab }, (_, id) => id).filter((id) => Math.floor(id / 8) % threads === 5)
  for (const [i, id] of under.slice(0, 60).entries()) logits[id] = 20 + uniform(7, i)
  const options = [{ topK: 40 }, { topK: 40, topP: 0.7 }, { topP: 0.7 }, { minP: 0.5 }, { topK: 59 }, { topK: 61 }]
  const draws = options.map((option, i) => ({ options: { temperature: 1, seed: i, ...option }, position: 3 }))
  const { drawn } = await drawAll(logits, draws)
  for (const [i, draw] of draws.entries()) expectFair(drawn[i]!, logits, draw)
})

test('equal logits: top-k and top-p keep the lowest ids, exactly as many as it takes', async () => {
  const logits = new Float32Array(4096).fill(-1.25)
  const draws = Array.from(
    { length: 24 },
    (_, i): Draw => ({ position: i, options: { temperature: 1, seed: i, topK: 40 } }),
  )
  const half = draws.map((draw): Draw => ({ ...draw, options: { ...draw.options, topK: 1000, topP: 0.4995 } }))
  const { drawn } = await drawAll(logits, [...draws, ...half])
  for (const { id, kept } of drawn.slice(0, 24)) {
    expect(kept).toBe(40)
    expect(id).toBeLessThan(40)
  }
  for (const { id, kept } of drawn.slice(24)) {
    expect(kept).toBe(500)
    expect(id).toBeLessThan(500)
  }
  expect(new Set(drawn.map(({ id }) => id)).size).toBeGreaterThan(24)
})

const PROMPT = [0, 3, 4, 5, 3, 300]
const GENERATED = [5, 6, 6, 6, 7, 5, 508]
const BIAS = new Map([
  [2, 4.5],
  [6, -3],
  [9, Number.NEGATIVE_INFINITY],
])
test.each<[string, GenerateOptions]>([
  ['nothing', {}],
  ['repetition', { repetitionPenalty: 1.3 }],
  ['presence', { presencePenalty: 0.7 }],
  ['frequency', { frequencyPenalty: -0.4 }],
  ['bias', { logitBias: Object.fromEntries(BIAS) }],
  [
    'all together',
    { repetitionPenalty: 0.8, presencePenalty: 1.5, frequencyPenalty: 0.25, logitBias: Object.fromEntries(BIAS) },
  ],
])('penalties: %s', async (_, options) => {
  const logits = bell(509, 12)
  const bias = options.logitBias ? BIAS : new Map<number, number>()
  const want = oracle.adjustLogits(logits, {
    bias,
    prompt: PROMPT,
    generated: GENERATED,
    repetition: options.repetitionPenalty ?? 1,
    presence: options.presencePenalty ?? 0,
    frequency: options.frequencyPenalty ?? 0,
  })
  const draw = { position: 9, options: { ...options, temperature: 0.9, topK: 60, topP: 0.8, minP: 0.01, seed: 4 } }
  const { drawn, adjusted, counts } = await drawAll(logits, [draw], { bias, prompt: PROMPT, generated: GENERATED })
  const finite = (l: Float64Array) => l.map((value) => Math.max(value, -1000))
  expectAgreement(sample, finite(adjusted), finite(want), 1e-6)
  if (options.logitBias) expect(adjusted[9]).toBe(Number.NEGATIVE_INFINITY)
  expectFair(drawn[0]!, adjusted, draw)
  expect(drawn[0]!.logprob).toBeCloseTo(oracle.logprob(logits, drawn[0]!.id), 5)
  const before = initialCounts(PROMPT, 509)
  for (const id of [...GENERATED, drawn[0]!.id]) before[id]!++
  expect(counts).toEqual(before)
})

test('a ban holds even for the likeliest id, and where top-k has room for more than is left', async () => {
  const logits = Float32Array.of(9, 1, 2)
  const banned = new Map([[0, Number.NEGATIVE_INFINITY]])
  const options = { logitBias: Object.fromEntries(banned) }
  const greedy = await drawAll(logits, [{ options, position: 1 }], { bias: banned })
  expect(greedy.drawn[0]).toMatchObject({ id: 2, status: SAMPLE_STATUS.ok })
  const draws = Array.from({ length: 30 }, (_, position) => ({
    options: { ...options, temperature: 3, topK: 2, topP: 0.99 },
    position,
  }))
  const sampled = await drawAll(logits, draws, { bias: banned })
  expect(new Set(sampled.drawn.map(({ id }) => id))).toEqual(new Set([1, 2]))
})

test.each([{}, { temperature: 1, topK: 2, topP: 0.5 }])('every id banned: %o', async (options) => {
  const bias = new Map([0, 1, 2].map((id) => [id, Number.NEGATIVE_INFINITY]))
  const draw = { options: { ...options, logitBias: Object.fromEntries(bias) }, position: 1 }
  const { drawn, counts, ids } = await drawAll(Float32Array.of(1, 2, 3), [draw], { bias })
  expect(drawn[0]).toEqual({ id: 0, logprob: 0, status: SAMPLE_STATUS.allBanned, kept: 0 })
  expect([...counts, ids[0]]).toEqual([0, 0, 0, 0])
})

test.each([Number.NaN, Number.POSITIVE_INFINITY])('a logit of %f is found, wherever it is', async (bad) => {
  for (const at of [0, 255, 508]) {
    const logits = bell(509, 20)
    logits[at] = bad
    const draws = [{}, { temperature: 1, topK: 5, topP: 0.9 }].map((options) => ({ options, position: 1 }))
    const { drawn, counts } = await drawAll(logits, draws)
    for (const one of drawn) expect(one).toEqual({ id: 0, logprob: 0, status: SAMPLE_STATUS.notFinite, kept: 0 })
    expect(counts.every((count) => count === 0)).toBe(true)
  }
})

test('a logit of −∞ is no error and is never drawn', async () => {
  const logits = Float32Array.of(Number.NEGATIVE_INFINITY, 0, 1)
  const draws = Array.from({ length: 30 }, (_, position) => ({ options: { temperature: 5 }, position }))
  const { drawn } = await drawAll(logits, draws)
  expect(drawn.every(({ id, kept, status }) => id > 0 && kept === 2 && status === SAMPLE_STATUS.ok)).toBe(true)
  expect(drawn[0]!.logprob).toBeCloseTo(oracle.logprob(logits, drawn[0]!.id), 5)
})

test('extreme temperatures and logits neither overflow nor misjudge', async () => {
  const logits = Float32Array.of(3e38, -3e38, 1)
  const draws = [1e-4, 1, 1e8].map((temperature) => ({ options: { temperature, topK: 2, topP: 0.999 }, position: 3 }))
  const { drawn } = await drawAll(logits, draws)
  for (const { id, logprob, status } of drawn) expect([id, logprob, status]).toEqual([0, 0, SAMPLE_STATUS.ok])
})

test('the same seed and position draw the same id; another seed or position may not', async () => {
  const logits = bell(509, 30, 1)
  const at = (seed: number) =>
    Array.from({ length: 20 }, (_, position) => ({ options: { temperature: 1, seed }, position }))
  const { drawn } = await drawAll(logits, [...at(1), ...at(1), ...at(2)])
  const ids = drawn.map(({ id }) => id)
  expect(ids.slice(20, 40)).toEqual(ids.slice(0, 20))
  expect(ids.slice(40)).not.toEqual(ids.slice(0, 20))
  expect(new Set(ids).size).toBeGreaterThan(20)
})

test('drawn ids follow the distribution', async () => {
  const logits = Float32Array.of(0, 1, -1, 0.5, -2, 1.5, 0.2, -0.3)
  const draws = Array.from({ length: 2500 }, (_, position) => ({ options: { temperature: 1.2, seed: 7 }, position }))
  const { drawn } = await drawAll(logits, draws)
  const weights = Array.from(logits, (l) => Math.exp(l / 1.2))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const chiSquare = weights.reduce((sum, weight, id) => {
    const expected = (draws.length * weight) / whole
    return sum + (drawn.filter((one) => one.id === id).length - expected) ** 2 / expected
  }, 0)
  expect(chiSquare).toBeLessThan(24.3) // 7 degrees of freedom: one fair sampler in a thousand exceeds this
})
