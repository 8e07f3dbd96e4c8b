/**
 * How many tokens to have on their way: as many as it takes that the GPU need not wait for the CPU, and no more. After an
 * end of text, or when the reader stops, all but one were in vain, and are waited for.
 */

const FEWEST = 2
const FIRST = 4
export const MOST_AHEAD = 8

/** By so much the CPU may be late, with a page to draw: work that is lost on an end of text takes hardly longer. */
const SLACK_MS = 8

/** Tokens over which their distance is averaged: news of several may come at once. */
const WINDOW = 8

export class Pace {
  readonly #latencyMs: number
  /** When the last WINDOW tokens came. */
  readonly #times = new Float64Array(WINDOW)
  #count = 0
  #ahead = FIRST

  /** @param latencyMs from the end of a token's work to the news of it */
  constructor(latencyMs: number) {
    this.#latencyMs = latencyMs
  }

  /** Tokens to have on their way now. */
  get ahead(): number {
    return this.#ahead
  }

  /** A token came. */
  mark(nowMs: number): void {
    const at = this.#count++ % WINDOW
    if (this.#count > WINDOW) {
      const eachMs = Math.max((nowMs - this.#times[at]!) / WINDOW, 0.01)
      this.#ahead = Math.min(Math.max(1 + Math.ceil((this.#latencyMs + SLACK_MS) / eachMs), FEWEST), MOST_AHEAD)
    }
    this.#times[at] = nowMs
  }
}
