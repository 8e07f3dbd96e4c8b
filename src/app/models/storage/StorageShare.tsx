import { useState } from 'react'
import type { StorageEstimate, StoredModel } from '../../../index.ts'
import { formatBytes } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'

interface StorageShareProps {
  readonly models: readonly StoredModel[]
  readonly estimate: StorageEstimate
  /** Asks the browser to keep what is stored. @returns whether it will */
  readonly onPersist: () => Promise<boolean>
}

/** How much of what the browser grants the models take, and whether it keeps them. */
export function StorageShare({ models, estimate: { used, quota, persisted }, onPersist }: StorageShareProps) {
  const { t, language } = useWords()
  const [declined, setDeclined] = useState(false)
  const modelBytes = models.reduce((sum, { storedBytes }) => sum + storedBytes, 0)
  const total = t('storage.total', { bytes: formatBytes(modelBytes, language) })
  const free = t('storage.free', {
    free: formatBytes(Math.max(0, quota - used), language),
    quota: formatBytes(quota, language),
  })
  return (
    <section className="share">
      {quota > 0 && (
        <div
          className="share-track"
          role="meter"
          aria-label={t('storage.share')}
          aria-valuemin={0}
          aria-valuemax={quota}
          aria-valuenow={Math.min(modelBytes, quota)}
          aria-valuetext={`${total}, ${free}`}
        >
          {modelBytes > 0 && <span className="share-models" style={{ flexGrow: modelBytes }} />}
          <span style={{ flexGrow: Math.max(0, quota - modelBytes) }} />
        </div>
      )}
      <div className="share-words">
        <span>{total}</span>
        {quota > 0 && <span>{free}</span>}
      </div>
      {quota > 0 && (
        <p className="stored-note">
          {t(persisted ? 'storage.kept' : 'storage.notKept')}{' '}
          {!persisted && (
            <button
              className="link-button"
              type="button"
              onClick={() => void onPersist().then((granted) => setDeclined(!granted))}
            >
              {t('storage.keep')}
            </button>
          )}
        </p>
      )}
      <p className="stored-note" role="status">
        {declined && !persisted && t('storage.declined')}
      </p>
    </section>
  )
}
