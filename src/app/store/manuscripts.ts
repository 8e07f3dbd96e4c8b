/** The texts: one for each desk, with its history. */
import type { StateCreator } from 'zustand'
import { type History, redo, startingWith, step, type, undo } from '../manuscript/history.ts'
import { blank, type Edit } from '../manuscript/manuscript.ts'
import { builtIns, type DeskId } from '../models/built-in.ts'
import type { AppState } from './app.ts'

export interface ManuscriptSlice {
  readonly desks: Readonly<Record<DeskId, History>>
  setHistory(desk: DeskId, history: History): void
  type(edit: Edit): void
  undo(): void
  redo(): void
  /** Empties the text; undo brings it back. */
  clear(): void
}

const firstDesks = (): Record<DeskId, History> => ({
  stories: startingWith(blank(builtIns.stories.beginning)),
  poems: startingWith(blank(builtIns.poems.beginning)),
  other: startingWith(blank()),
})

export const manuscriptSlice: StateCreator<AppState, [], [], ManuscriptSlice> = (set, get) => {
  const change = (next: (history: History) => History) => {
    const { desk, desks, phase } = get()
    if (phase === 'writing') return // the text is the model's until it stops
    set({ desks: { ...desks, [desk]: next(desks[desk]) } })
  }
  return {
    desks: firstDesks(),
    setHistory: (desk, history) => set(({ desks }) => ({ desks: { ...desks, [desk]: history } })),
    type: (edit) => change((history) => type(history, edit, Date.now())),
    undo: () => change(undo),
    redo: () => change(redo),
    clear: () => change((history) => (history.now.text ? step(history, blank()) : history)),
  }
}

export const historyOf = ({ desk, desks }: AppState): History => desks[desk]
export const manuscriptOf = (state: AppState) => historyOf(state).now
