import { useId } from 'react'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'

/** Whether an end of the text, as the model writes it, ends the writing. */
export function EndlessField() {
  const { t } = useWords()
  const hint = useId()
  const endless = useApp((state) => state.sampling.endless === true)
  const setEndless = useApp((state) => state.setEndless)
  return (
    <div className="parameter">
      <label className="check-label">
        <input
          type="checkbox"
          checked={endless}
          aria-describedby={hint}
          onChange={(event) => setEndless(event.currentTarget.checked)}
        />
        {t('endless.label')}
      </label>
      <p className="parameter-hint" id={hint}>
        {t('endless.hint')}
      </p>
    </div>
  )
}
