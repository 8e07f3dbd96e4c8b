import { defineKernel } from './kernel.ts'
import code from './sample.wgsl?raw'

export interface SampleShape {
  readonly vocab: number
}

/** `result[2]`: how the draw went. On any but `ok`, the id is 0 and `counts` is as it was. */
export const SAMPLE_STATUS = { ok: 0, notFinite: 1, allBanned: 2 } as const

/** Bytes of `result`, which the CPU reads per token: id, logprob (f32 bits), status, how many ids were in the draw. */
export const SAMPLE_BYTES = 16

/** Bytes of `result` in all: behind that, of the candidates what is left of the draw, for `drawnStats`. */
export const RESULT_BYTES = 32

/** Bit of `counts` that marks an id of the prompt; the bits below count how often the id was generated. */
export const IN_PROMPT = 0x80000000

/** Threads of the one workgroup: more read faster, and wait longer for each other. */
export const threadsOf = (vocab: number): number => (vocab > 16384 ? 256 : 64)

/** With top-p and no top-k of at most this many, `sample` must be told the mass of all ids by `survey`. */
export const FEW_KEPT = 240

/** Pairs of u32 that `candidates` has room for. */
export const candidatesOf = (vocab: number): number => Math.max(vocab, threadsOf(vocab))

/**
 * Draws the next id from `logits` [vocab] and counts it. Deterministic in (logits, options, seed, position + rows).
 * Order: logit bias, repetition penalty, presence and frequency penalty (all by `survey`), temperature, top-k, top-p,
 * min-p. Among equals at a threshold the lowest ids are kept: top-k keeps exactly k.
 *
 * peaks: of `logits`; keys, surveys: of `survey`, which must have run if `options` say so, any 16 bytes else. counts:
 * [vocab] u32. candidates: scratch of `candidatesOf(vocab)` pairs. ids: the drawn id goes to its first u32. result: 8
 * u32. options: of `packSampling`. The logprob in `result` is the natural logarithm of softmax(logits), before all of
 * the above.
 */
export const sample = defineKernel({
  entry: 'sample',
  code,
  bindings: {
    logits: 'read',
    peaks: 'read',
    keys: 'read',
    surveys: 'read',
    counts: 'write',
    candidates: 'write',
    ids: 'write',
    result: 'write',
    options: 'uniform',
    step: 'uniform',
  },
  constants: ({ vocab }: SampleShape) => ({ VOCAB: vocab, THREADS: threadsOf(vocab) }),
  workgroups: () => [1, 1, 1],
})
