import { useId, useState } from 'react'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'
import { parseStopLines, stopLines } from './parameters.ts'

/** Where writing stops: strings, one on each line. */
export function StopField() {
  const { t } = useWords()
  const id = useId()
  const stop = useApp((state) => state.sampling.stop)
  const setStop = useApp((state) => state.setStop)
  const [typed, setTyped] = useState<string>()
  return (
    <div className="parameter">
      <label className="parameter-name" htmlFor={id}>
        {t('sampling.stop')}
      </label>
      <textarea
        className="stop-lines"
        id={id}
        rows={2}
        spellCheck={false}
        aria-describedby={`${id}-hint`}
        value={typed ?? stopLines(stop)}
        onChange={(event) => {
          setTyped(event.currentTarget.value) // as typed, until it is left: an unfinished line has no meaning yet
          setStop(parseStopLines(event.currentTarget.value))
        }}
        onBlur={() => setTyped(undefined)}
      />
      <p className="parameter-hint" id={`${id}-hint`}>
        {t('sampling.stopHint')}
      </p>
    </div>
  )
}
