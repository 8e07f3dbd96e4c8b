/** The page's library. Call `start()` once; `flush()` when the page is hidden or goes away. */
import { keptBefore } from './migrate.ts'
import { openStorage } from './storage.ts'
import { createLibrary } from './store.ts'

const NAME = 'headlight'

const storage = openStorage(NAME, () => keptBefore(() => localStorage))

export const useLibrary = createLibrary(storage, new BroadcastChannel(NAME))
