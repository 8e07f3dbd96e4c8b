/** How a number becomes a share of its ramp, and which numbers a legend names. */
import { type Ramp, type RampName, stepOf } from './ramps.ts'

interface Scale {
  /** Where `value` lies on the ramp, 0 … 1. */
  readonly share: (value: number) => number
  readonly marks: readonly number[]
}

/** Of a distribution over tens of thousands of tokens, ranks beyond this look alike. */
const LAST_RANK = 1000
/** Nats; e⁻⁸ is one in three thousand. */
const MOST_SURPRISE = 8

export const SCALES: Readonly<Record<RampName, Scale>> = {
  // A square root: most weights are small, and a tenth must be seen.
  attention: { share: (weight) => Math.sqrt(Math.max(0, weight)), marks: [0, 0.1, 0.3, 0.6, 1] },
  probability: { share: (probability) => probability, marks: [0, 0.25, 0.5, 0.75, 1] },
  surprise: { share: (nats) => nats / MOST_SURPRISE, marks: [0, 2, 4, 6, 8] },
  rank: { share: (rank) => Math.log1p(rank) / Math.log1p(LAST_RANK), marks: [0, 1, 10, 100, 1000] },
}

export const colourOf = (ramp: Ramp, name: RampName, value: number): string =>
  ramp.css[stepOf(SCALES[name].share(value))]!
