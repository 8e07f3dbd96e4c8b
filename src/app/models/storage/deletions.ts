/**
 * Deletions that can still be undone: each waits a while before it is carried out, and all are carried out at once when
 * nobody can undo them any more.
 */
import { create } from 'zustand'

const UNDO_MS = 8000

interface Waiting {
  readonly state: 'waiting'
  /** When it will be carried out: milliseconds since 1970. */
  readonly at: number
  readonly timer: ReturnType<typeof setTimeout>
  readonly carryOut: () => Promise<void>
}

export type Deletion = Waiting | { readonly state: 'running' } | { readonly state: 'failed'; readonly error: unknown }

/** By what is deleted. */
export const useDeletions = create<ReadonlyMap<string, Deletion>>(() => new Map())

/** Calls `carryOut` after a while, unless that is undone. */
export function deleteSoon(what: string, carryOut: () => Promise<void>): void {
  undoDelete(what)
  const timer = setTimeout(deleteAtOnce, UNDO_MS, what)
  put(what, { state: 'waiting', at: Date.now() + UNDO_MS, timer, carryOut })
}

/** Forgets it, also where it failed. */
export function undoDelete(what: string): void {
  const deletion = useDeletions.getState().get(what)
  if (!deletion || deletion.state === 'running') return
  if (deletion.state === 'waiting') clearTimeout(deletion.timer)
  put(what, undefined)
}

/** Nobody can undo them any more, or see why they failed. */
export function leaveDeletions(): void {
  for (const [what, { state }] of useDeletions.getState()) {
    if (state === 'waiting') void deleteAtOnce(what)
    else undoDelete(what)
  }
}

async function deleteAtOnce(what: string): Promise<void> {
  const deletion = useDeletions.getState().get(what)
  if (deletion?.state !== 'waiting') return
  clearTimeout(deletion.timer)
  put(what, { state: 'running' })
  try {
    await deletion.carryOut()
    put(what, undefined)
  } catch (error) {
    put(what, { state: 'failed', error })
  }
}

function put(what: string, deletion: Deletion | undefined): void {
  const deletions = new Map(useDeletions.getState())
  if (deletion) deletions.set(what, deletion)
  else deletions.delete(what)
  useDeletions.setState(deletions, true)
}
