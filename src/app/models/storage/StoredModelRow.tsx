import { useEffect, useState } from 'react'
import { HeadlightError, type StoredModel } from '../../../index.ts'
import { formatBytes, formatBytesOf, formatDay, formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import type { Deletion } from './deletions.ts'

interface StoredModelRowProps {
  readonly model: StoredModel
  /** What this page does with it. */
  readonly activity: 'loading' | 'loaded' | undefined
  readonly deletion: Deletion | undefined
  readonly onLoad: () => void
  readonly onDelete: () => void
  readonly onUndo: () => void
}

export function StoredModelRow({ model, activity, deletion, onLoad, onDelete, onUndo }: StoredModelRowProps) {
  const { t } = useWords()
  const { source, name, complete } = model
  const isWaiting = deletion?.state === 'waiting'
  const isRunning = deletion?.state === 'running'
  const isGoing = isWaiting || isRunning
  const canDelete = activity !== 'loading' && !isRunning
  return (
    <li className="stored" data-source={source} data-going={isGoing || undefined}>
      <div className="stored-model">
        <h3 className="stored-name">
          <span>{name}</span>
          {activity && <span className="stored-activity">{t(`storage.${activity}`)}</span>}
        </h3>
        <p className="stored-source">{source.replace(/^https?:\/\//, '')}</p>
        {isWaiting ? <Countdown at={deletion.at} bytes={model.storedBytes} /> : <Facts model={model} />}
        {activity === 'loading' && <p className="stored-facts">{t('storage.loadingHint')}</p>}
      </div>
      <div className="stored-actions">
        {!isGoing && !activity && (
          <button
            className="notice-button"
            type="button"
            aria-label={t(complete ? 'storage.loadModel' : 'storage.resumeModel', { model: name })}
            onClick={onLoad}
          >
            {t(complete ? 'storage.load' : 'storage.resume')}
          </button>
        )}
        <button
          className={isWaiting ? 'notice-button' : 'quiet-button'}
          key="delete" // the same button when it undoes: focus stays
          type="button"
          aria-label={t(isWaiting ? 'storage.undoModel' : 'storage.deleteModel', { model: name })}
          aria-disabled={!canDelete || undefined}
          onClick={isWaiting ? onUndo : () => canDelete && onDelete()}
        >
          {t(isWaiting ? 'storage.undo' : isRunning ? 'storage.deleting' : 'storage.delete')}
        </button>
      </div>
      {deletion?.state === 'failed' && <Failure error={deletion.error} />}
      <Files model={model} />
    </li>
  )
}

function Facts({ model: { files, storedBytes, complete, lastUsed } }: { model: StoredModel }) {
  const { t, language } = useWords()
  if (complete) {
    const when = formatDay(lastUsed, Date.now(), language)
    return (
      <p className="stored-facts">{`${formatBytes(storedBytes, language)} · ${t('storage.lastUsed', { when })}`}</p>
    )
  }
  const begun = files.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const total = storedBytes < begun ? begun : 0 // where each file that was begun is whole, more are missing
  return (
    <>
      <p className="stored-facts">
        {formatBytesOf(storedBytes, total, language)} · {t('storage.incomplete')}
      </p>
      {total > 0 && (
        <span className="stored-gauge">
          <span style={{ transform: `scaleX(${storedBytes / total})` }} />
        </span>
      )}
    </>
  )
}

function Countdown({ at, bytes }: { at: number; bytes: number }) {
  const { t, language } = useWords()
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(1, Math.ceil((at - now) / 1000))
  return <p className="stored-facts">{t('storage.countdown', { seconds, bytes: formatBytes(bytes, language) })}</p>
}

function Failure({ error }: { error: unknown }) {
  const { t } = useWords()
  const isInUse = error instanceof HeadlightError && error.details['reason'] === 'in-use'
  const reason = error instanceof Error ? error.message : String(error)
  return (
    <p className="stored-failure" role="alert">
      {isInUse ? t('storage.inUse') : t('storage.notDeleted', { reason })}
    </p>
  )
}

function Files({ model: { files } }: { model: StoredModel }) {
  const { t, language } = useWords()
  return (
    <details className="stored-files">
      <summary>{t('storage.files', { number: formatNumber(files.length, language) })}</summary>
      <ul>
        {files.map(({ name, byteLength, storedBytes }) => (
          <li key={name}>
            <span>{name}</span>
            <span>
              {storedBytes < byteLength
                ? formatBytesOf(storedBytes, byteLength, language)
                : formatBytes(byteLength, language)}
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
