/** What the engine is doing, for the page to show. Only the engine host writes it. */
import type { StateCreator } from 'zustand'
import type { DeviceInfo, LoadProgress, ModelInfo } from '../../index.ts'
import type { DownloadPace } from '../engine/download-meter.ts'
import type { Problem } from '../engine/problem.ts'
import type { ItemId } from '../library/item.ts'
import type { NodeId } from '../library/tree.ts'
import type { AppState } from './app.ts'

export type Phase = 'starting' | 'loading' | 'ready' | 'writing' | 'failed'

/** How full the model's context is, in tokens. */
export interface ContextUse {
  /** Tokens of the whole text. */
  readonly text: number
  /** Of these, those that the model sees: the latest, and, where that is not all, `kept` of the beginning. */
  readonly seen: number
  readonly kept: number
  /** The words that what is out of its sight begins and ends with. */
  readonly gone?: { readonly from: string; readonly to: string } | undefined
  /** Tokens, or turns, that fell out of its sight after what fell out before was summarised; undefined: nothing was. */
  readonly unsummarised?: number | undefined
  /** Of a conversation that it sees in part: its turns, by where they are. */
  readonly turns?: { readonly first: number; readonly latest: number; readonly gone: number } | undefined
}

/** Continuations that were asked for to choose from; the latest may be being written. */
export interface Offer {
  readonly item: ItemId
  /** What they continue. */
  readonly from: NodeId
  readonly nodes: readonly NodeId[]
}

/** An answer that failed, and why. */
export interface FailedAnswer {
  readonly node: NodeId
  readonly problem: Problem
}

export interface StatusSlice {
  readonly phase: Phase
  /** Write was asked for before the model was ready. */
  readonly wanted: boolean
  readonly progress?: LoadProgress | undefined
  readonly pace?: DownloadPace | undefined
  readonly device?: DeviceInfo | undefined
  readonly info?: ModelInfo | undefined
  readonly problem?: Problem | undefined
  /** Tokens per second of the latest continuation. */
  readonly rate?: number | undefined
  readonly contextUse?: ContextUse | undefined
  readonly lastSeed?: number | undefined
  readonly offer?: Offer | undefined
  readonly failedAnswer?: FailedAnswer | undefined
  /** Reloads into a new version of the page, which is there. */
  readonly takeOver?: (() => void) | undefined
  dismissProblem(): void
}

export const statusSlice: StateCreator<AppState, [], [], StatusSlice> = (set) => ({
  phase: 'starting',
  wanted: false,
  dismissProblem: () => set({ problem: undefined }),
})
