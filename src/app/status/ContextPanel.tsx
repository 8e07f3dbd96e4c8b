import '../sampling/SamplingPanel.css'
import { type RefObject, useId } from 'react'
import { conversationOf } from '../chat/open-chat.ts'
import { formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { useLibrary } from '../library/use-library.ts'
import { Panel } from '../panel/Panel.tsx'
import { NumberInput } from '../sampling/NumberInput.tsx'
import { sliding } from '../sampling/parameters.ts'
import { useApp } from '../store/app.ts'
import type { ContextUse } from '../store/status.ts'

interface ContextPanelProps {
  readonly button: RefObject<HTMLButtonElement | null>
  readonly use: ContextUse
  readonly context: number
  readonly onClose: () => void
}

const MOST_KEPT = 1_000_000

/** What the model sees of the text, what it does not, and what is to happen when the text is longer than that. */
export default function ContextPanel({ button, use, context, onClose }: ContextPanelProps) {
  const { t, language } = useWords()
  const name = useId()
  const whenFull = useApp((state) => state.sampling.whenFull) ?? sliding
  const setWhenFull = useApp((state) => state.setWhenFull)
  const number = (value: number) => formatNumber(value, language)
  const { text, seen, kept, gone, turns } = use
  const chats = useLibrary((state) => conversationOf(state) !== undefined)
  const keep = whenFull === 'stop' ? sliding.keep : whenFull.keep
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
      <fieldset className="when-full">
        <legend>{t('context.whenFull')}</legend>
        <label className="when-full-choice">
          <input
            type="radio"
            name={name}
            checked={whenFull !== 'stop'}
            onChange={() => setWhenFull(sliding)}
            aria-describedby={`${name}-slide`}
          />
          {t('context.slide')}
          <span className="when-full-hint" id={`${name}-slide`}>
            {t(chats ? 'context.slideHintOfChat' : 'context.slideHint')}
          </span>
        </label>
        {whenFull !== 'stop' && (
          <div className="parameter">
            <span className="parameter-name" aria-hidden="true">
              {t('context.keep')}
            </span>
            <NumberInput
              label={t('context.keep')}
              value={keep}
              onChange={(value) => setWhenFull({ keep: Math.min(Math.max(Math.round(value), 0), MOST_KEPT) })}
            />
            <p className="parameter-hint">{t(chats ? 'context.keepHintOfChat' : 'context.keepHint')}</p>
          </div>
        )}
        <label className="when-full-choice">
          <input
            type="radio"
            name={name}
            checked={whenFull === 'stop'}
            onChange={() => setWhenFull('stop')}
            aria-describedby={`${name}-stop`}
          />
          {t('context.stop')}
          <span className="when-full-hint" id={`${name}-stop`}>
            {t('context.stopHint')}
          </span>
        </label>
      </fieldset>
    </Panel>
  )
}
