/** The page's state: what the reader chose, and what the engine is doing. What they write is in the library. */
import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import { type ComparisonSlice, comparisonSlice } from './comparison.ts'
import { type HubSlice, hubSlice } from './hub.ts'
import { type Kept, keep, restore } from './kept.ts'
import { type ModelsSlice, modelsSlice } from './models.ts'
import { type PanelsSlice, panelsSlice } from './panels.ts'
import { type SettingsSlice, settingsSlice } from './settings.ts'
import { slowStorage } from './slow-storage.ts'
import { type StatusSlice, statusSlice } from './status.ts'

export type AppState = SettingsSlice & HubSlice & ModelsSlice & PanelsSlice & ComparisonSlice & StatusSlice

const storage = slowStorage<Kept>(() => localStorage)

export const useApp = create<AppState>()(
  persist(
    (...store) => ({
      ...settingsSlice(...store),
      ...hubSlice(...store),
      ...modelsSlice(...store),
      ...panelsSlice(...store),
      ...comparisonSlice(...store),
      ...statusSlice(...store),
    }),
    {
      name: 'headlight',
      version: 1,
      storage: storage.persist,
      partialize: keep,
      merge: restore,
    },
  ),
)

export type AppStore = typeof useApp

/** Writes what is not yet written, for a page that is about to go away. */
export const flushStorage = storage.flush
