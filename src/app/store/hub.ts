/** Where models of the hub come from, and what opens the closed ones. */
import type { StateCreator } from 'zustand'
import type { HubOptions } from '../../index.ts'
import { DEFAULT_HUB } from '../models/hub/hub-address.ts'
import type { AppState } from './app.ts'

export interface HubSlice {
  /** Base URL, with a slash at its end. */
  readonly hub: string
  /** An access token for this hub, '' without one. It lives here and nowhere else: `keep` leaves it out. */
  readonly token: string
  /** Forgets the token where it was for another host. */
  setHub(hub: string): void
  setToken(token: string): void
}

export const hubSlice: StateCreator<AppState, [], [], HubSlice> = (set) => ({
  hub: DEFAULT_HUB,
  token: '',
  setHub: (hub) => set((state) => ({ hub, token: isSameOrigin(hub, state.hub) ? state.token : '' })),
  setToken: (token) => set({ token }),
})

const isSameOrigin = (a: string, b: string) => new URL(a).origin === new URL(b).origin

/** For `load` and `examine`. */
export const hubOptions = ({ hub, token }: HubSlice): HubOptions => ({ hub, ...(token && { token }) })
