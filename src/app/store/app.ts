/** The page's state: what the reader wrote, what they chose, and what the engine is doing. */
import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import { type HubSlice, hubSlice } from './hub.ts'
import { type Kept, keep, restore } from './kept.ts'
import { type ManuscriptSlice, manuscriptSlice } from './manuscripts.ts'
import { type ModelsSlice, modelsSlice } from './models.ts'
import { type SettingsSlice, settingsSlice } from './settings.ts'
import { slowStorage } from './slow-storage.ts'
import { type StatusSlice, statusSlice } from './status.ts'

export type AppState = ManuscriptSlice & SettingsSlice & HubSlice & ModelsSlice & StatusSlice

const storage = slowStorage<Kept>(
  () => localStorage,
  () => useApp.setState({ unsaved: true }),
)

export const useApp = create<AppState>()(
  persist(
    (...store) => ({
      ...manuscriptSlice(...store),
      ...settingsSlice(...store),
      ...hubSlice(...store),
      ...modelsSlice(...store),
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
