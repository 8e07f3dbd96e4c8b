import products from './fragments/products.wgsl?raw'
import { cover, defineKernel } from './kernel.ts'
import code from './logits.wgsl?raw'
import { MOST_ALONG_X } from './matvec.ts'
import { type ProductShape, productConstants } from './products.ts'

export interface LogitsShape extends ProductShape {
  readonly vocab: number
  readonly scale: number
  /** The bound that logits approach, smoothly; 0: none. */
  readonly softcap: number
  readonly bias: boolean
}

/** Ids that share a peak. */
export const PEAK_IDS = 8

/** Bytes of `peaks`. */
export const peakBytes = (vocab: number): number => cover(vocab, PEAK_IDS) * 8

/**
 * x: [rows, inWidth]; weight: [vocab, inWidth], in parts; bias: [vocab], or anything when `bias` is false; gain, shift:
 * [inWidth], of `norm`; y: [rows − first, vocab]; rows padded; peaks: [⌈vocab / 8⌉] (largest logit, Σ exp(logit −
 * largest)) of the last row, for the sampler.
 */
export const logits = defineKernel({
  entry: 'logits',
  code: products + code,
  lanes: true,
  products: true,
  arithmetic: ({ arithmetic = 'f32' }: LogitsShape) => arithmetic,
  bindings: {
    x: 'read',
    weight: 'weight',
    bias: 'read',
    gain: 'read',
    shift: 'read',
    y: 'write',
    peaks: 'write',
    step: 'uniform',
  },
  constants: (shape: LogitsShape) => ({
    ...productConstants(shape, 2),
    VOCAB: shape.vocab,
    SCALE: shape.scale,
    SOFTCAP: shape.softcap,
    HAS_BIAS: Number(shape.bias),
  }),
  workgroups: (_, lanes, { start, rows }) => {
    const groups = cover(cover(start + rows, PEAK_IDS) - Math.floor(start / PEAK_IDS), 64 / lanes.count)
    return [Math.min(groups, MOST_ALONG_X), ({ rows, first }) => rows - first, cover(groups, MOST_ALONG_X)]
  },
})
