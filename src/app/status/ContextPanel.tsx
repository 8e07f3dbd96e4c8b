import '../sampling/SamplingPanel.css'
import type { RefObject } from 'react'
import { conversationOf } from '../chat/open-chat.ts'
import { formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { useLibrary } from '../library/use-library.ts'
import { Panel } from '../panel/Panel.tsx'
import type { ContextUse } from '../store/status.ts'
import { WhenFullField } from './WhenFullField.tsx'

interface ContextPanelProps {
  readonly button: RefObject<HTMLButtonElement | null>
  readonly use: ContextUse
  readonly context: number
  readonly onClose: () => void
}

/** What the model sees of the text, what it does not, and what is to happen when the text is longer than that. */
export default function ContextPanel({ button, use, context, onClose }: ContextPanelProps) {
  const { t, language } = useWords()
  const number = (value: number) => formatNumber(value, language)
  const { text, seen, kept, gone, turns, unsummarised } = use
  const chats = useLibrary((state) => conversationOf(state) !== undefined)
  return (
    <Panel title={t('context.title')} button={button} align="start" onClose={onClose}>
      <p className="context-words">
        {t(chats ? 'context.usedByChat' : 'context.used', { text: number(text), limit: number(context) })}
      </p>
      <p className="context-words">
        {seen === text
          ? t(text > context ? 'context.tooLong' : 'context.allSeen')
          : turns
            ? t('context.turnsSeen', { first: number(turns.first), latest: number(turns.latest) })
            : t('context.partSeen', { kept: number(kept), latest: number(seen - kept) })}
      </p>
      {seen < text && (
        <p className="context-words">
          {gone && turns
            ? t('context.goneTurns', { ...gone, turns: number(turns.gone) })
            : gone
              ? t('context.goneWords', { ...gone, tokens: number(text - seen) })
              : t('context.gone', { tokens: number(text - seen) })}
        </p>
      )}
      {unsummarised !== undefined && (
        <p className="context-words">
          {unsummarised === 0
            ? t('summary.stands')
            : turns
              ? t('summary.standsOldOfChat', { turns: number(unsummarised) })
              : t('summary.standsOld', { tokens: number(unsummarised) })}
        </p>
      )}
      <WhenFullField chats={chats} over={seen < text} />
    </Panel>
  )
}
