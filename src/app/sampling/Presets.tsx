import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'
import { presetNames, presetOf, withPreset } from './presets.ts'

/** Settings that belong together, by a name. */
export function Presets() {
  const { t } = useWords()
  const values = useApp((state) => state.sampling.values)
  const setValues = useApp((state) => state.setValues)
  const chosen = presetOf(values)
  return (
    <div className="presets" role="group" aria-label={t('presets.label')}>
      {presetNames.map((name) => (
        <button
          className="small-button"
          key={name}
          type="button"
          aria-pressed={name === chosen}
          title={t(`presets.${name}Hint`)}
          onClick={() => setValues(withPreset(values, name))}
        >
          {t(`presets.${name}`)}
        </button>
      ))}
    </div>
  )
}
