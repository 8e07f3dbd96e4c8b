import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'
import { NumberInput } from './NumberInput.tsx'
import { LARGEST_SEED } from './parameters.ts'

/** Random each time, or fixed: the last one or one that is typed. */
export function SeedField() {
  const { t } = useWords()
  const seed = useApp((state) => state.sampling.seed)
  const lastSeed = useApp((state) => state.lastSeed)
  const setSeed = useApp((state) => state.setSeed)
  const fixed = seed !== undefined
  const set = (value: number) => setSeed(Math.min(Math.max(Math.round(value), 0), LARGEST_SEED))
  return (
    <div className="parameter">
      <label className="check-label">
        <input
          type="checkbox"
          checked={fixed}
          onChange={(event) => setSeed(event.currentTarget.checked ? (lastSeed ?? 0) : undefined)}
        />
        {t('sampling.seedFixed')}
      </label>
      {fixed ? (
        <NumberInput label={t('sampling.seed')} value={seed} onChange={set} wide />
      ) : (
        <span className="seed-random">{t('sampling.seedRandom')}</span>
      )}
      <p className="parameter-hint">
        {t('sampling.seedHint')}
        {lastSeed !== undefined && lastSeed !== seed && (
          <>
            {' · '}
            <button className="link-button" type="button" onClick={() => setSeed(lastSeed)}>
              {t('sampling.seedKeep', { seed: lastSeed })}
            </button>
          </>
        )}
      </p>
    </div>
  )
}
