import type { StoredText } from '../../../index.ts'
import { formatBytes, formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'

interface StoredTextsProps {
  readonly texts: readonly StoredText[]
  readonly onDelete: () => Promise<void>
}

/** What models made of the last texts: how much it is. The texts themselves are the library's. */
export function StoredTexts({ texts, onDelete }: StoredTextsProps) {
  const { t, language } = useWords()
  const bytes = texts.reduce((sum, { storedBytes }) => sum + storedBytes, 0)
  const values = { number: formatNumber(texts.length, language), bytes: formatBytes(bytes, language) }
  return (
    <section className="stored-texts">
      <div>
        <h3 className="stored-name">{t('storage.texts')}</h3>
        <p className="stored-facts">{t('storage.textsTaken', values)}</p>
        <p className="stored-note">{t('storage.textsAbout')}</p>
      </div>
      <button
        className="quiet-button"
        type="button"
        aria-label={t('storage.deleteTexts')}
        onClick={() => void onDelete()}
      >
        {t('storage.delete')}
      </button>
    </section>
  )
}
