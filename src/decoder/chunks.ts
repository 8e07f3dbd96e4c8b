/**
 * How many tokens of a prompt go through the model in one submit: as many as a GPU can do in a tenth of a second, so that
 * the page is drawn meanwhile, a reader who stops waits for little, and no system takes the GPU for hung.
 */

/** What one submit should take, with room for those that take longer than the one before. */
const TARGET_MS = 70

/** Before anything is known of a model on a device. */
const FIRST_ROWS = 32

/** With fewer rows, weights are read too often for what is computed with them. */
const LEAST_ROWS = 16

/** Tiles of rows begin at multiples of this, whatever was measured: the same prompt is computed in the same way. */
const MULTIPLE = 16

export class Chunks {
  readonly most: number
  #rows: number
  #doneMs = 0

  /** @param most rows that there is memory for */
  constructor(most: number) {
    this.most = most
    this.#rows = Math.min(FIRST_ROWS, most)
  }

  /** Rows of the next submit. */
  get rows(): number {
    return this.#rows
  }

  /** `rows` were submitted at `startMs`, behind what was submitted before, and are done. */
  mark(rows: number, startMs: number, nowMs: number): void {
    const eachMs = Math.max((nowMs - Math.max(startMs, this.#doneMs)) / rows, 0.001)
    this.#doneMs = nowMs
    const fitting = Math.floor(TARGET_MS / eachMs / MULTIPLE) * MULTIPLE
    this.#rows = Math.min(Math.max(fitting, LEAST_ROWS), this.most)
  }
}
