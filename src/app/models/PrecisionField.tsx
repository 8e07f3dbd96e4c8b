import './PrecisionField.css'
import type { Examination } from '../../index.ts'
import { useHost } from '../engine/host-context.ts'
import { useWords } from '../i18n/index.ts'
import type { OtherChoice } from './choice.ts'

interface PrecisionFieldProps {
  readonly choice: OtherChoice
  readonly examination: Examination
  /** It is being loaded. */
  readonly isFixed: boolean
}

/** How exactly weights are kept on the GPU, where the file leaves a choice: what is quantised stays as it is. */
export function PrecisionField({ choice, examination: { types }, isFixed }: PrecisionFieldProps) {
  const { t } = useWords()
  const host = useHost()
  if (!types.every((type) => /^(F32|F16|BF16)$/.test(type))) return null
  const precisions = types.includes('F32') ? (['auto', 'f16', 'q8', 'q4'] as const) : (['auto', 'q8', 'q4'] as const)
  const { weights: chosen = 'auto', ...as } = choice
  return (
    <fieldset className="candidate-field precision" disabled={isFixed}>
      <legend>{t('models.precision')}</legend>
      <div className="precision-choices">
        {precisions.map((weights) => (
          <label key={weights}>
            <input
              type="radio"
              name="precision"
              checked={chosen === weights}
              onChange={() => void host.examine(weights === 'auto' ? as : { ...as, weights })}
            />
            <span>{t(`models.weights.${weights}`)}</span>
          </label>
        ))}
      </div>
      <p className="candidate-note">{t('models.precisionHint')}</p>
    </fieldset>
  )
}
