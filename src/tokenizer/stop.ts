/** Ends a streamed text before the first stop string. */
import { HeadlightError } from '../errors.ts'

export interface StopCutter {
  /** Takes more text; gives out what can no longer be part of a stop string. Once stopped, nothing. */
  push(text: string): { readonly text: string; readonly stopped: boolean }
  /** Whether some text is held back. */
  readonly holds: boolean
  /** The text held back, when no more follows. */
  flush(): string
}

/**
 * The text ends before the stop string that is complete first, wherever the pieces are cut; of two that are complete
 * at the same letter, before the longer.
 * @throws HeadlightError `bad-input` where a stop string is empty
 */
export function createStopCutter(stops: readonly string[]): StopCutter {
  if (stops.includes('')) {
    throw new HeadlightError('bad-input', 'a stop string is empty, expected one letter or more', { option: 'stop' })
  }
  let held = ''
  let stopped = false

  return {
    push(text) {
      if (stopped) return { text: '', stopped }
      const pending = held + text
      const cut = firstStop(pending, stops)
      stopped = cut !== undefined
      const safe = cut ?? pending.length - startedStop(pending, stops)
      held = stopped ? '' : pending.slice(safe)
      return { text: pending.slice(0, safe), stopped }
    },
    get holds() {
      return held !== ''
    },
    flush() {
      const rest = held
      held = ''
      return rest
    },
  }
}

/** Where the stop string begins that is complete first. */
function firstStop(text: string, stops: readonly string[]): number | undefined {
  let first: { start: number; end: number } | undefined
  for (const stop of stops) {
    const start = text.indexOf(stop)
    if (start < 0) continue
    const end = start + stop.length
    if (!first || end < first.end || (end === first.end && start < first.start)) first = { start, end }
  }
  return first?.start
}

/** Letters at the end of `text` that may be the beginning of a stop string. */
function startedStop(text: string, stops: readonly string[]): number {
  const most = Math.max(0, ...stops.map((stop) => stop.length - 1))
  for (let length = Math.min(most, text.length); length > 0; length--) {
    const end = text.slice(text.length - length)
    if (stops.some((stop) => stop.startsWith(end))) return length
  }
  return 0
}
