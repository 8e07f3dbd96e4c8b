/** Looks at models before they are loaded: the candidate of the model dialog. */
import type { Engine, Examination } from '../../index.ts'
import { isSameModel, type ModelChoice, type OtherChoice, sourceOf, weightsOf } from '../models/choice.ts'
import type { AppStore } from '../store/app.ts'
import { hubOptions } from '../store/hub.ts'
import type { Candidate } from '../store/models.ts'
import { type Problem, problemOf } from './problem.ts'

export interface Examiner {
  /** What loading a model takes. */
  look(choice: OtherChoice, signal: AbortSignal): Promise<Examination>
  /** Shows it in the model dialog. */
  examine(choice: OtherChoice): Promise<void>
  /** Keeps a model, which was not loaded to its end, for the dialog to show. @param problem undefined: was cancelled */
  setAside(choice: ModelChoice, problem?: Problem): void
}

/** @param engine once it has started; refuses with the reason why it has not */
export function createExaminer(engine: () => Promise<Engine>, store: AppStore, base: string): Examiner {
  let examining: AbortController | undefined

  async function look(choice: OtherChoice, signal: AbortSignal): Promise<Examination> {
    const options = { ...hubOptions(store.getState()), ...weightsOf(choice), signal }
    return (await engine()).examine(sourceOf(choice, base), options)
  }

  function examine(choice: OtherChoice): Promise<void> {
    const { candidate } = store.getState()
    // What is known of another version stands there until this one is known: nothing jumps.
    const examination = candidate && isVersion(choice, candidate) ? candidate.examination : undefined
    store.setState({ modelTab: 'choose', candidate: { choice, examination, examining: true, cancelled: false } })
    return update(choice)
  }

  function setAside(choice: ModelChoice, problem?: Problem) {
    if (choice.kind === 'built-in') return
    const { candidate } = store.getState()
    const examination = candidate && isSameModel(candidate.choice, choice) ? candidate.examination : undefined
    store.setState({ candidate: { choice, examination, examining: false, problem, cancelled: !problem } })
    void update(choice)
  }

  /** Examines the candidate. What is known of it stays, where nothing new can be learnt. */
  async function update(choice: OtherChoice): Promise<void> {
    examining?.abort()
    const mine = new AbortController()
    examining = mine
    const tell = (news: Partial<Candidate>) => {
      const { candidate } = store.getState()
      if (mine.signal.aborted || candidate?.choice !== choice) return
      store.setState({ candidate: { ...candidate, ...news, examining: false } })
    }
    try {
      tell({ examination: await look(choice, mine.signal) })
    } catch (error) {
      if (store.getState().candidate?.examining) tell({ problem: problemOf(error, 'examine', choice) })
    }
  }

  return { look, examine, setAside }
}

const isVersion = (choice: OtherChoice, { choice: other, examination }: Candidate): boolean =>
  isSameModel(other, choice) ||
  (choice.kind === 'url' && (examination?.alternatives.some(({ source }) => source === choice.url) ?? false))
