/**
 * Undo and redo over manuscripts: typing and continuations on one timeline. Typing in one go is one step.
 */
import { type Edit, edited, type Manuscript } from './manuscript.ts'

export interface History {
  readonly now: Manuscript
  /** Oldest first. */
  readonly past: readonly Manuscript[]
  /** Next first. */
  readonly future: readonly Manuscript[]
  /** Typing that the next keystroke may join. */
  readonly burst?: Burst | undefined
}

interface Burst {
  readonly kind: 'insert' | 'delete'
  /** Where the next keystroke must happen to join. */
  readonly caret: number
  readonly timeMs: number
}

const MOST_STEPS = 200
const PAUSE_MS = 1000 // a longer pause between keystrokes begins a new step

export const startingWith = (now: Manuscript): History => ({ now, past: [], future: [] })

/** `next` as a step that can be undone. */
export function step({ now, past }: History, next: Manuscript): History {
  return { now: next, past: [...past, now].slice(-MOST_STEPS), future: [] }
}

/** `next` in place of the present: more of what the current step is about. */
export const amend = (history: History, next: Manuscript): History => ({ ...history, now: next, burst: undefined })

/** The reader's keystroke: joins the step before it when it continues it. */
export function type(history: History, edit: Edit, timeMs: number): History {
  if (edit.removed === 0 && edit.inserted === '') return history
  const now = edited(history.now, edit)
  const kind = edit.inserted ? 'insert' : 'delete'
  const { burst } = history
  const touches = kind === 'insert' ? edit.start : edit.start + edit.removed
  const forwards = kind === 'delete' && edit.start === burst?.caret // the Delete key leaves the caret where it is
  const joins =
    burst?.kind === kind &&
    (burst.caret === touches || forwards) &&
    timeMs - burst.timeMs <= PAUSE_MS &&
    !(kind === 'insert' && edit.removed > 0)
  const next = joins ? { ...history, now } : step(history, now)
  return { ...next, burst: { kind, caret: edit.start + edit.inserted.length, timeMs } }
}

export function undo({ now, past, future }: History): History {
  const previous = past.at(-1)
  if (!previous) return { now, past, future }
  return { now: previous, past: past.slice(0, -1), future: [now, ...future] }
}

export function redo({ now, past, future }: History): History {
  const [next, ...rest] = future
  if (!next) return { now, past, future }
  return { now: next, past: [...past, now], future: rest }
}
