import { lazy, Suspense, useRef } from 'react'
import { Chevron, SlidersIcon } from '../controls/icons.tsx'
import { formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { ariaKeys } from '../palette/strokes.ts'
import { useApp } from '../store/app.ts'
import { effective, parameters } from './parameters.ts'

const SamplingPanel = lazy(() => import('./SamplingPanel.tsx')) // not needed for the first paint

/** Shows the temperature, and opens the panel. */
export function SamplingButton() {
  const { t, language } = useWords()
  const button = useRef<HTMLButtonElement>(null)
  const open = useApp(({ panel }) => panel === 'sampling')
  const { openPanel, closePanel } = useApp.getState()
  const temperature = useApp((state) => {
    const parameter = parameters.find(({ name }) => name === 'temperature')
    return parameter && effective(parameter, state.sampling, state.info?.defaults)
  })
  const isJson = useApp((state) => state.sampling.json !== undefined)
  const value = formatNumber(temperature ?? 0, language, 2)
  const words = t(isJson ? 'sampling.buttonJson' : 'sampling.button', { value })
  return (
    <>
      <button
        className="quiet-button action"
        type="button"
        ref={button}
        aria-label={`${t('sampling.label')}: ${words}`}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-keyshortcuts={ariaKeys('sampling')}
        title={t('sampling.label')}
        onClick={() => (open ? closePanel() : openPanel('sampling'))}
      >
        <SlidersIcon />
        <span className="action-name">{words}</span>
        <span className="action-name">
          <Chevron />
        </span>
      </button>
      {open && (
        <Suspense>
          <SamplingPanel button={button} onClose={closePanel} />
        </Suspense>
      )}
    </>
  )
}
