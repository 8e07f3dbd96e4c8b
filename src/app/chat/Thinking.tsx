import { formatDuration, formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import type { TurnNode } from '../library/turn-tree.ts'

/** What the model thought before it answered, folded. */
export function Thinking({ turn, going }: { turn: TurnNode; going: boolean }) {
  const { t, language } = useWords()
  const { thinking, thought, content } = turn
  if (!thinking) return null
  const tokens = formatNumber(thought?.tokens ?? 0, language)
  const time = formatDuration((thought?.ms ?? 0) / 1000, language)
  return (
    <details className="thinking">
      <summary>{going && !content ? t('chat.thinking', { tokens }) : t('chat.thought', { time, tokens })}</summary>
      <p className="thinking-text" dir="auto">
        {thinking}
      </p>
    </details>
  )
}
