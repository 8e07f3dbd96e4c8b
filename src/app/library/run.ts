/** How a model came to write something. */
import type { Ending } from '../manuscript/manuscript.ts'
import type { KeptModel } from '../models/choice.ts'
import type { Manner } from '../sampling/parameters.ts'

/** Its values are as they were in effect, the model's own among them. */
export interface Run extends Manner {
  /** Undefined where it was not written down. */
  readonly model?: KeptModel | undefined
  /** Of a model of the hub: the commit that it was loaded at. */
  readonly revision?: string | undefined
  readonly seed: number
  /** Tokens written so far. */
  readonly tokens: number
  /** It was asked for after the text had ended, and so was not allowed to end at once. */
  readonly pastEnd: boolean
  /** Undefined while it is being written, here or in another tab; and for ever, where that page crashed. */
  readonly ending?: Ending | undefined
  /** Of a run that failed: the problem's code. */
  readonly error?: string | undefined
}

/** Writing that something else is done on top of has stopped. */
export const stoppedRun = (run: Run | undefined): Run | undefined =>
  run && run.ending === undefined ? { ...run, ending: 'stopped' } : run
