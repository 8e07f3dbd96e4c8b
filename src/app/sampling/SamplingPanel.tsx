import './SamplingPanel.css'
import { Popover } from '@base-ui/react/popover'
import { type RefObject, useId, useState } from 'react'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'
import { ParameterField } from './ParameterField.tsx'
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
    <Popover.Root
      open
      onOpenChange={(open, { event }) => {
        const onButton = event.target instanceof Node && button.current?.contains(event.target)
        if (!open && !onButton) onClose() // the button closes by itself
      }}
    >
      <Popover.Portal>
        <Popover.Positioner className="sampling-positioner" anchor={button} side="top" align="end" sideOffset={8}>
          <Popover.Popup className="sampling" finalFocus={button}>
            <div className="sampling-head">
              <Popover.Title className="sampling-title">{t('sampling.label')}</Popover.Title>
              <Popover.Close className="link-button">{t('sampling.close')}</Popover.Close>
            </div>
            {parameters.map((parameter) => parameter.common && <ParameterField key={parameter.name} {...parameter} />)}
            <SeedField />
            <div id={rest} hidden={!more}>
              {parameters.map(
                (parameter) => !parameter.common && <ParameterField key={parameter.name} {...parameter} />,
              )}
              <StopField />
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
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
