/** A comparison: the open text continued by two models, or with two settings. */
import type { StateCreator } from 'zustand'
import type { ItemId } from '../library/item.ts'
import type { NodeId } from '../library/tree.ts'
import type { ModelChoice } from '../models/choice.ts'
import type { SamplingChoice } from '../sampling/parameters.ts'
import type { AppState } from './app.ts'

export interface Side {
  readonly model: ModelChoice
  readonly sampling: SamplingChoice
}

export type Pair<T> = readonly [T, T]

export interface Comparison {
  readonly item: ItemId
  readonly sides: Pair<Side>
  /** What each side wrote, beside the text; undefined until it begins. */
  readonly nodes: Pair<NodeId | undefined>
  /** The side that is being loaded or is writing; undefined once both are done, or it was stopped. */
  readonly at?: 0 | 1 | undefined
}

export interface ComparisonSlice {
  readonly compareOpen: boolean
  readonly comparison?: Comparison | undefined
  openCompare(): void
}

export const comparisonSlice: StateCreator<AppState, [], [], ComparisonSlice> = (set) => ({
  compareOpen: false,
  openCompare: () => set({ compareOpen: true }),
})
