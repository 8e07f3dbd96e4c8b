import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { Notice } from '../../notices/Notice.tsx'
import { useApp } from '../../store/app.ts'

const MOST_NAMED = 4

/** While something in the model is changed: what is written is not what the model would write. */
export function ChangedNotice() {
  const { t, language } = useWords()
  const { heads = {}, layers = {} } = useApp((state) => state.interventions)
  const setInterventions = useApp((state) => state.setInterventions)
  const worded = (key: 'headFactor' | 'layerFactor', factors: Readonly<Record<string, number>>) =>
    Object.entries(factors).map(([name, factor]) =>
      t(`inspector.${key}`, { name, factor: formatNumber(factor, language, 2) }),
    )
  const all = [...worded('headFactor', heads), ...worded('layerFactor', layers)]
  if (all.length === 0) return null
  const rest = all.length - MOST_NAMED
  const named = [...all.slice(0, MOST_NAMED), ...(rest > 0 ? [t('inspector.more', { count: rest })] : [])]
  const what = new Intl.ListFormat(language, { type: 'unit', style: 'short' }).format(named)
  return (
    <Notice what={t('inspector.writeNotice')} todo={t('inspector.writeNoticeDo', { what })} quiet>
      <button className="notice-button" type="button" onClick={() => setInterventions({})}>
        {t('inspector.reset')}
      </button>
    </Notice>
  )
}
