/** At most once a frame: `show` with the latest of what came since. A hidden page has no frames, but a clock. */
export interface OnceAFrame<T> {
  (latest: T): void
  cancel(): void
}

const HIDDEN_DELAY_MS = 250

export function onceAFrame<T>(show: (latest: T) => void): OnceAFrame<T> {
  let latest: T
  let cancelWaiting: (() => void) | undefined
  const run = () => {
    cancelWaiting = undefined
    show(latest)
  }
  const request = (value: T) => {
    latest = value
    if (cancelWaiting) return
    if (document.hidden) {
      const timer = setTimeout(run, HIDDEN_DELAY_MS)
      cancelWaiting = () => clearTimeout(timer)
    } else {
      const frame = requestAnimationFrame(run)
      cancelWaiting = () => cancelAnimationFrame(frame)
    }
  }
  return Object.assign(request, {
    cancel: () => {
      cancelWaiting?.()
      cancelWaiting = undefined
    },
  })
}

/** `act` now, or not at all if it acted less than `intervalMs` ago. */
export function atMostEvery(intervalMs: number, act: () => void): () => void {
  let lastMs = Number.NEGATIVE_INFINITY
  return () => {
    const nowMs = performance.now()
    if (nowMs - lastMs < intervalMs) return
    lastMs = nowMs
    act()
  }
}
