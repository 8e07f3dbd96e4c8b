import { type CSSProperties, useId } from 'react'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'
import { NumberInput } from './NumberInput.tsx'
import { effective, type Parameter, within } from './parameters.ts'

/** A slider, and the same number to type. */
export function ParameterField(parameter: Parameter) {
  const { name, min, max, step } = parameter
  const { t } = useWords()
  const hint = useId()
  const value = useApp((state) => effective(parameter, state.sampling, state.info?.defaults))
  const setParameter = useApp((state) => state.setParameter)
  const set = (next: number) => setParameter(name, within(parameter, next))
  const onSlider = Math.min(value, max)
  const label = t(`sampling.${name}`)
  return (
    <div className="parameter">
      <span className="parameter-name" aria-hidden="true">
        {label}
      </span>
      <NumberInput label={t('sampling.value', { name: label })} value={value} onChange={set} />
      <input
        className="parameter-slider"
        type="range"
        aria-label={label}
        aria-describedby={hint}
        min={min}
        max={max}
        step={step}
        value={onSlider}
        style={{ '--share': (onSlider - min) / (max - min) } as CSSProperties}
        onChange={(event) => set(event.currentTarget.valueAsNumber)}
      />
      <p className="parameter-hint" id={hint}>
        {t(`sampling.${name}Hint`)}
      </p>
    </div>
  )
}
