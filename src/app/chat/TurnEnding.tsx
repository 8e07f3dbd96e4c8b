import { formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import type { TurnNode } from '../library/turn-tree.ts'
import { useApp } from '../store/app.ts'
import { useProblemWords } from './use-problem-words.ts'

/** Why an answer ended, where it did not come to its end. */
export function TurnEnding({ turn, going }: { turn: TurnNode; going: boolean }) {
  const { t, language } = useWords()
  const wordsOf = useProblemWords()
  const context = useApp(({ info }) => info?.context)
  const failed = useApp(({ failedAnswer }) => failedAnswer)
  const { run } = turn
  if (!run || going || run.ending === 'end-of-text') return null
  if (run.ending === 'failed') {
    const { what, todo } = wordsOf(failed?.node === turn.id ? failed.problem : run.error)
    return (
      <p className="turn-problem" role="alert">
        <strong>{what}</strong> {todo}
      </p>
    )
  }
  const words = t(`chat.ending.${run.ending ?? 'lost'}`, {
    tokens: formatNumber(run.tokens, language),
    limit: formatNumber(context ?? 0, language),
  })
  return <p className="turn-ending">{words}</p>
}
