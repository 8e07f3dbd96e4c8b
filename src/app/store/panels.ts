/** What is open beside the text, or over it, and what is changed in the model there. */
import type { StateCreator } from 'zustand'
import type { Interventions } from '../../index.ts'
import type { AppState } from './app.ts'

/** One at a time. */
export type PanelName = 'sampling' | 'context' | 'summary' | 'palette' | 'keys'

export interface PanelsSlice {
  readonly sidebarOpen: boolean
  readonly inspectorOpen: boolean
  /** In pixels, where the reader chose one. */
  readonly inspectorWidth?: number | undefined
  /** Until another model is loaded, everything is written under these. */
  readonly interventions: Interventions
  readonly panel?: PanelName | undefined
  /** Ids of commands that were chosen by name, the latest first. */
  readonly lately: readonly string[]
  toggleSidebar(): void
  toggleInspector(): void
  setInspectorWidth(width: number | undefined): void
  setInterventions(interventions: Interventions): void
  openPanel(panel: PanelName): void
  closePanel(): void
  noteCommand(id: string): void
}

const MOST_LATELY = 5

export const panelsSlice: StateCreator<AppState, [], [], PanelsSlice> = (set) => ({
  sidebarOpen: false,
  inspectorOpen: false,
  interventions: {},
  lately: [],
  toggleSidebar: () => set(({ sidebarOpen }) => ({ sidebarOpen: !sidebarOpen })),
  toggleInspector: () => set(({ inspectorOpen }) => ({ inspectorOpen: !inspectorOpen })),
  setInspectorWidth: (inspectorWidth) => set({ inspectorWidth }),
  setInterventions: (interventions) => set({ interventions }),
  openPanel: (panel) => set({ panel }),
  closePanel: () => set({ panel: undefined }),
  noteCommand: (id) =>
    set(({ lately }) => ({ lately: [id, ...lately.filter((known) => known !== id)].slice(0, MOST_LATELY) })),
})
