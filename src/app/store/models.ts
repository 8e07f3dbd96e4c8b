/** The model dialog: whether it is open, the model that is looked at in it, and those that were used before. */
import type { StateCreator } from 'zustand'
import type { Examination } from '../../index.ts'
import type { Problem } from '../engine/problem.ts'
import { isSameModel, type OtherChoice, type WeightPrecision } from '../models/choice.ts'
import type { AppState } from './app.ts'

export type ModelTab = 'choose' | 'stored' | 'hub'

/** A model that was chosen and not loaded yet, and what is known of it. */
export interface Candidate {
  readonly choice: OtherChoice
  /** Undefined until it is known; of another version of the model while that one is examined. */
  readonly examination?: Examination | undefined
  readonly examining: boolean
  /** Why it cannot be loaded, or was not. */
  readonly problem?: Problem | undefined
  /** Loading it was cancelled; what came until then is stored. */
  readonly cancelled: boolean
}

/** A model that was loaded before. */
export interface RecentModel {
  readonly source: string
  readonly name: string
  /** Of its files. */
  readonly bytes: number
  /** That it was loaded with. */
  readonly weights?: WeightPrecision
}

export interface ModelsSlice {
  /** Undefined while the dialog is closed. */
  readonly modelTab?: ModelTab | undefined
  readonly candidate?: Candidate | undefined
  /** Last used first. */
  readonly recent: readonly RecentModel[]
  openModels(tab?: ModelTab): void
  /** What is being loaded, or was not loaded to its end, stays to be seen when it opens again. */
  closeModels(): void
  /** Back to the list of models. */
  dropCandidate(): void
  noteUse(model: RecentModel): void
}

const MOST_RECENT = 6

export const modelsSlice: StateCreator<AppState, [], [], ModelsSlice> = (set) => ({
  recent: [],
  openModels: (modelTab = 'choose') => set({ modelTab }),
  closeModels: () =>
    set((state) => ({ modelTab: undefined, candidate: isOpenMatter(state) ? state.candidate : undefined })),
  dropCandidate: () => set({ candidate: undefined }),
  noteUse: (model) =>
    set(({ recent }) => ({
      recent: [model, ...recent.filter(({ source }) => source !== model.source)].slice(0, MOST_RECENT),
    })),
})

const isOpenMatter = ({ candidate, phase, model }: AppState): boolean =>
  candidate !== undefined &&
  (candidate.cancelled ||
    candidate.problem?.during === 'load' ||
    (phase === 'loading' && isSameModel(candidate.choice, model)))
