/** How fast a download is, and how long it will take: of the latest seconds, as a reader would judge it. */
import type { LoadProgress } from '../../index.ts'

export interface DownloadPace {
  readonly bytesPerSecond: number
  /** Undefined while nothing arrives, or where the host does not say how much there is. */
  readonly secondsLeft: number | undefined
}

interface Sample {
  readonly atMs: number
  readonly bytes: number
}

const WINDOW_MS = 5000
const LEAST_MS = 500 // less tells nothing

/** To be told now and then how far a download is, also when nothing has arrived. */
export class DownloadMeter {
  #samples: Sample[] = []

  /** Undefined until there is something to tell: what was stored before does not count. */
  pace({ download: { done, total }, cachedBytes }: LoadProgress, nowMs: number): DownloadPace | undefined {
    const bytes = done - cachedBytes
    if (bytes === 0 || done === total) return undefined
    this.#samples = [...this.#samples.filter(({ atMs }) => nowMs - atMs <= WINDOW_MS), { atMs: nowMs, bytes }]
    const first = this.#samples[0]!
    if (nowMs - first.atMs < LEAST_MS) return undefined
    const bytesPerSecond = (1000 * Math.max(0, bytes - first.bytes)) / (nowMs - first.atMs)
    return {
      bytesPerSecond,
      secondsLeft: bytesPerSecond > 0 && total > done ? (total - done) / bytesPerSecond : undefined,
    }
  }
}
