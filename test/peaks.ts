/** What `logits` leaves for the sampler: of every span of ids the largest logit, and Σ exp(logit − largest). */
import { PEAK_IDS } from '../shaders/logits.ts'

/** [⌈vocab / 16⌉, 2] of `logits` [vocab]; a sum of −1 where one is not a number, or +∞. */
export function peaksOf(logits: Float32Array): Float32Array<ArrayBuffer> {
  const spans = Math.ceil(logits.length / PEAK_IDS)
  const peaks = new Float32Array(spans * 2)
  for (let span = 0; span < spans; span++) {
    const own = logits.subarray(span * PEAK_IDS, (span + 1) * PEAK_IDS)
    const broken = own.some((l) => Number.isNaN(l) || l === Number.POSITIVE_INFINITY)
    const counted = [...own].filter(Number.isFinite).map((l) => Math.min(Math.max(l, -LARGE), LARGE))
    const largest = counted.reduce((a, b) => Math.max(a, b), -LARGE)
    peaks[2 * span] = largest
    peaks[2 * span + 1] = broken ? -1 : counted.reduce((sum, l) => sum + Math.exp(l - largest), 0)
  }
  return peaks
}

/** Logits beyond ±this count as that. */
const LARGE = 1e30
