/** Where loading stands, told at a pace that a page can draw. */
import type { Gauge, LoadNotice, LoadProgress } from './types.ts'

const INTERVAL_MS = 40

export interface Reporter {
  /** Bytes received. */
  readonly download: (count: number, stored?: boolean) => void
  readonly notice: (notice: LoadNotice) => void
  /** Bytes of weights moved to the GPU. */
  readonly weights: (count: number) => void
  readonly pipelines: (done: number, total: number) => void
  /** The header is read; `byteLength` of the whole checkpoint where it is known. */
  readonly begin: (byteLength: number | undefined) => void
  /** Everything is there. */
  readonly finish: () => void
}

export function reporter(onProgress: ((progress: LoadProgress) => void) | undefined): Reporter {
  let download: Gauge = { done: 0, total: 0 }
  let weights: Gauge = { done: 0, total: 0 }
  let pipelines: Gauge = { done: 0, total: 0 }
  let cachedBytes = 0
  let notice: LoadNotice | undefined
  let told = 0
  const tell = (always = false) => {
    if (!onProgress || (!always && performance.now() - told < INTERVAL_MS)) return
    told = performance.now()
    onProgress({ download, cachedBytes, weights, pipelines, ...(notice && { notice }) })
  }
  return {
    download: (count, stored = false) => {
      if (stored) cachedBytes += count
      download = { done: download.done + count, total: download.total }
      tell()
    },
    weights: (count) => {
      weights = { done: weights.done + count, total: weights.total }
      tell()
    },
    notice: (what) => {
      notice = what
      tell(true)
    },
    pipelines: (done, total) => {
      pipelines = { done, total }
      tell()
    },
    begin: (byteLength = 0) => {
      download = { ...download, total: byteLength }
      weights = { ...weights, total: byteLength }
      tell(true)
    },
    finish: () => {
      // Headers, and tensors that nobody needs, count to the download only.
      download = { done: download.done, total: download.done }
      weights = { done: weights.done, total: weights.done }
      tell(true)
    },
  }
}
