import './SamplingPanel.css'
import { type RefObject, useId, useState } from 'react'
import { useWords } from '../i18n/index.ts'
import { Panel } from '../panel/Panel.tsx'
import { useApp } from '../store/app.ts'
import { EndlessField } from './EndlessField.tsx'
import { JsonField } from './JsonField.tsx'
import { ParameterField } from './ParameterField.tsx'
import { Presets } from './Presets.tsx'
import { isChosen, parameters } from './parameters.ts'
import { SeedField } from './SeedField.tsx'
import { StopField } from './StopField.tsx'

interface SamplingPanelProps {
  readonly button: RefObject<HTMLButtonElement | null>
  readonly onClose: () => void
}

/** How the next token is chosen: what is used most first, the rest behind "More". */
export default function SamplingPanel({ button, onClose }: SamplingPanelProps) {
  const { t } = useWords()
  const rest = useId()
  const [more, setMore] = useState(false)
  const changed = useApp((state) => isChosen(state.sampling))
  const reset = useApp((state) => state.resetSampling)
  return (
    <Panel title={t('sampling.label')} button={button} align="end" onClose={onClose}>
      <Presets />
      {parameters.map((parameter) => parameter.common && <ParameterField key={parameter.name} {...parameter} />)}
      <SeedField />
      <div id={rest} hidden={!more}>
        {parameters.map((parameter) => !parameter.common && <ParameterField key={parameter.name} {...parameter} />)}
        <EndlessField />
        <StopField />
        <JsonField />
      </div>
      <div className="sampling-foot">
        <button
          className="link-button"
          type="button"
          aria-expanded={more}
          aria-controls={rest}
          onClick={() => setMore(!more)}
        >
          {t(more ? 'sampling.less' : 'sampling.more')}
        </button>
        <button className="link-button" type="button" aria-disabled={!changed || undefined} onClick={reset}>
          {t('sampling.reset')}
        </button>
      </div>
    </Panel>
  )
}
