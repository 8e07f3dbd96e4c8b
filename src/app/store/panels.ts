/** What is open beside the text. */
import type { StateCreator } from 'zustand'
import type { AppState } from './app.ts'

export interface PanelsSlice {
  readonly sidebarOpen: boolean
  toggleSidebar(): void
}

export const panelsSlice: StateCreator<AppState, [], [], PanelsSlice> = (set) => ({
  sidebarOpen: false,
  toggleSidebar: () => set(({ sidebarOpen }) => ({ sidebarOpen: !sidebarOpen })),
})
