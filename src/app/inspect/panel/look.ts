/** What the reader looks at, and what is known of it. Only while the inspector is open; the inspector writes the rest. */
import { create } from 'zustand'
import type { Gauge } from '../../../index.ts'
import type { Problem } from '../../engine/problem.ts'
import type { ArcSource } from '../attention/Arcs.tsx'
import type { Measure } from '../tokens/measures.ts'
import type { HeadAt, Reading } from './reading.ts'

export const VIEWS = ['tokens', 'attention', 'layers', 'changes', 'tour'] as const
export type View = (typeof VIEWS)[number]

export interface Look {
  readonly view: View
  readonly measure: Measure
  readonly head: HeadAt
  /** Whose weights the arcs are of. */
  readonly source: ArcSource
  /** The token that is asked about; undefined: the last. */
  readonly token?: number | undefined
  /** The token under the pointer. */
  readonly pointed?: number | undefined
  readonly reading?: Reading | undefined
  /** Of looking at a text, in positions. */
  readonly progress?: Gauge | undefined
  /** The reader ended it: nothing more is looked at until the text changes, or they ask again. */
  readonly halted: boolean
  readonly problem?: Problem | undefined
}

export const useLook = create<Look>(() => ({
  view: 'tokens',
  measure: 'probability',
  head: { layer: 0, head: 0 },
  source: 'head',
  halted: false,
}))

export type LookStore = typeof useLook

/** The position that is asked about. */
export const askedToken = ({ token }: Look, { ids }: Reading): number =>
  Math.min(token ?? ids.length - 1, ids.length - 1)
