import i18next from 'i18next'
import type { Problem } from '../engine/problem.ts'
import { useWords } from '../i18n/index.ts'
import { type Wording, wordingOf } from '../notices/wording.ts'

/** Words for what kept a model from answering; of what was stored, only its code is left. */
export function useProblemWords(): (problem: Problem | string | undefined) => Wording {
  const { t } = useWords()
  return (found) => {
    const problem: Problem =
      typeof found === 'object' ? found : { during: 'write', code: knownCode(found), message: '', details: {} }
    const { code, details } = problem
    if (code === 'context-full') return { what: t('chat.problem.full'), todo: t('chat.problem.fullDo') }
    if (code === 'bad-input' && 'reason' in details) {
      return { what: t('chat.problem.refused', { reason: details['reason'] }), todo: t('chat.problem.refusedDo') }
    }
    return wordingOf(problem, t, false)
  }
}

const isKnown = (code: string): code is Problem['code'] => i18next.exists(`errors.${code}.what`)

const knownCode = (code: string | undefined) => (code !== undefined && isKnown(code) ? code : 'unknown')
