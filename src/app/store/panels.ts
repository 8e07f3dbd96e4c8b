/** What is open beside the text, and what is changed in the model there. */
import type { StateCreator } from 'zustand'
import type { Interventions } from '../../index.ts'
import type { AppState } from './app.ts'

export interface PanelsSlice {
  readonly sidebarOpen: boolean
  readonly inspectorOpen: boolean
  /** Until another model is loaded, everything is written under these. */
  readonly interventions: Interventions
  toggleSidebar(): void
  toggleInspector(): void
  setInterventions(interventions: Interventions): void
}

export const panelsSlice: StateCreator<AppState, [], [], PanelsSlice> = (set) => ({
  sidebarOpen: false,
  inspectorOpen: false,
  interventions: {},
  toggleSidebar: () => set(({ sidebarOpen }) => ({ sidebarOpen: !sidebarOpen })),
  toggleInspector: () => set(({ inspectorOpen }) => ({ inspectorOpen: !inspectorOpen })),
  setInterventions: (interventions) => set({ interventions }),
})
