import './StoredModels.css'
import { useEffect, useRef, useState } from 'react'
import type { StoredModel } from '../../../index.ts'
import { useHost } from '../../engine/host-context.ts'
import { formatBytes } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { useApp } from '../../store/app.ts'
import { deleteSoon, leaveDeletions, undoDelete, useDeletions } from './deletions.ts'
import { StorageShare } from './StorageShare.tsx'
import { StoredModelRow } from './StoredModelRow.tsx'
import { StoredTexts } from './StoredTexts.tsx'
import { useStored } from './use-stored.ts'

interface StoredModelsProps {
  /** Loads a model, or goes on with its download. */
  readonly onLoad: (source: string) => void
}

/** The models that this browser has: how much room they take, what of each is there, and what can be done with it. */
export function StoredModels({ onLoad }: StoredModelsProps) {
  const { t, language } = useWords()
  const host = useHost()
  const phase = useApp((state) => state.phase)
  const chosen = useApp(({ model }) => (model.kind === 'url' ? model.url : undefined))
  const storage = useApp((state) => state.device) && host.storage()
  const { stored, error, refresh } = useStored(storage)
  const deletions = useDeletions()
  const [said, setSaid] = useState('')
  const page = useRef<HTMLDivElement>(null)

  useEffect(() => {
    addEventListener('pagehide', leaveDeletions)
    return () => {
      removeEventListener('pagehide', leaveDeletions)
      leaveDeletions()
    }
  }, [])

  if (!storage) return <p className="stored-note">{t(phase === 'failed' ? 'storage.noEngine' : 'status.starting')}</p>
  if (error !== undefined) {
    return (
      <p className="stored-note" role="alert">
        {t('storage.unreadable', { reason: error instanceof Error ? error.message : String(error) })}
      </p>
    )
  }
  if (!stored) return <div aria-busy="true" />

  const { models, texts, estimate } = stored
  const activityOf = ({ source }: StoredModel) =>
    source !== chosen || phase === 'failed' ? undefined : phase === 'loading' ? 'loading' : 'loaded'
  const remove = ({ source, name, storedBytes }: StoredModel) => {
    setSaid(t('storage.deletesSoon', { model: name }))
    deleteSoon(source, async () => {
      await storage.delete(source)
      setSaid(t('storage.deleted', { model: name, bytes: formatBytes(storedBytes, language) }))
      const focused = document.activeElement?.closest<HTMLElement>('.stored')
      if (focused?.dataset['source'] === source) page.current?.focus() // its row goes, and what has the focus with it
      await refresh()
    })
  }
  const incomplete = models.filter(
    (model) => !model.complete && activityOf(model) !== 'loading' && !deletions.has(model.source),
  )

  return (
    <div className="stored-page" ref={page} tabIndex={-1}>
      {(estimate.quota > 0 || models.length > 0) && (
        <StorageShare models={models} estimate={estimate} onPersist={() => storage.persist().finally(refresh)} />
      )}
      {models.length === 0 ? (
        <div className="stored-empty">
          <p>{t(estimate.quota > 0 ? 'storage.empty' : 'storage.noStorage')}</p>
          <p className="stored-note">{t(estimate.quota > 0 ? 'storage.emptyAbout' : 'storage.noStorageAbout')}</p>
        </div>
      ) : (
        <ul className="stored-list" aria-label={t('storage.list')}>
          {models.map((model) => (
            <StoredModelRow
              key={model.source}
              model={model}
              activity={activityOf(model)}
              deletion={deletions.get(model.source)}
              onLoad={() => onLoad(model.source)}
              onDelete={() => remove(model)}
              onUndo={() => {
                undoDelete(model.source)
                setSaid(t('storage.undone', { model: model.name }))
              }}
            />
          ))}
        </ul>
      )}
      {incomplete.length > 1 && (
        <button
          className="notice-button stored-all"
          type="button"
          onClick={() => {
            incomplete.forEach(remove)
            setSaid(t('storage.deletesAllSoon'))
            page.current?.focus() // the button goes
          }}
        >
          {t('storage.deleteIncomplete', {
            bytes: formatBytes(
              incomplete.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
              language,
            ),
          })}
        </button>
      )}
      {texts.length > 0 && (
        <StoredTexts
          texts={texts}
          onDelete={async () => {
            await storage.deleteTexts()
            setSaid(t('storage.textsDeleted'))
            page.current?.focus() // the button goes
            await refresh()
          }}
        />
      )}
      <p className="only-heard" role="status">
        {said}
      </p>
    </div>
  )
}
