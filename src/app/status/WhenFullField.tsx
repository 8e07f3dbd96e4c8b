import { useId } from 'react'
import { useWords } from '../i18n/index.ts'
import { NumberInput } from '../sampling/NumberInput.tsx'
import { sliding, unwritten, type WhenFull } from '../sampling/parameters.ts'
import { useApp } from '../store/app.ts'

interface WhenFullFieldProps {
  /** Of a conversation, not of a text. */
  readonly chats: boolean
  /** Something is out of the model's sight already. */
  readonly over: boolean
}

const MOST_KEPT = 1_000_000

/** What is to happen when the text is longer than the model can see. */
export function WhenFullField({ chats, over }: WhenFullFieldProps) {
  const { t } = useWords()
  const whenFull: WhenFull = useApp((state) => state.sampling.whenFull) ?? sliding
  const { setWhenFull, openPanel } = useApp.getState()
  const { keep, summary } = whenFull === 'stop' ? { ...sliding, summary: undefined } : whenFull
  return (
    <fieldset className="when-full">
      <legend>{t('context.whenFull')}</legend>
      <Choice
        name={t('context.slide')}
        hint={t(chats ? 'context.slideHintOfChat' : 'context.slideHint')}
        checked={whenFull !== 'stop' && !summary}
        onCheck={() => setWhenFull({ keep })}
      />
      <Choice
        name={t('summary.choice')}
        hint={t('summary.choiceHint')}
        checked={summary !== undefined}
        onCheck={() => setWhenFull({ keep, summary: unwritten })}
      />
      {summary && (
        <div className="parameter">
          <button
            className="small-button"
            type="button"
            aria-haspopup="dialog"
            aria-disabled={!over || undefined}
            onClick={() => over && openPanel('summary')}
          >
            {t('summary.open')}
          </button>
          {!over && <p className="parameter-hint">{t('summary.notYet')}</p>}
        </div>
      )}
      {whenFull !== 'stop' && (
        <div className="parameter">
          <span className="parameter-name" aria-hidden="true">
            {t('context.keep')}
          </span>
          <NumberInput
            label={t('context.keep')}
            value={keep}
            onChange={(value) =>
              setWhenFull({ ...whenFull, keep: Math.min(Math.max(Math.round(value), 0), MOST_KEPT) })
            }
          />
          <p className="parameter-hint">{t(chats ? 'context.keepHintOfChat' : 'context.keepHint')}</p>
        </div>
      )}
      <Choice
        name={t('context.stop')}
        hint={t('context.stopHint')}
        checked={whenFull === 'stop'}
        onCheck={() => setWhenFull('stop')}
      />
    </fieldset>
  )
}

interface ChoiceProps {
  readonly name: string
  readonly hint: string
  readonly checked: boolean
  readonly onCheck: () => void
}

function Choice({ name, hint, checked, onCheck }: ChoiceProps) {
  const id = useId()
  return (
    <label className="when-full-choice">
      <input
        type="radio"
        name="when-full"
        checked={checked}
        onChange={onCheck}
        aria-labelledby={`${id}-name`}
        aria-describedby={id}
      />
      <span id={`${id}-name`}>{name}</span>
      <span className="when-full-hint" id={id}>
        {hint}
      </span>
    </label>
  )
}
