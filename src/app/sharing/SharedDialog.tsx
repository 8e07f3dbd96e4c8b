import './SharedDialog.css'
import { useEffect, useState } from 'react'
import { HeadlightError } from '../../index.ts'
import { Dialog } from '../dialog/Dialog.tsx'
import { useHost } from '../engine/host-context.ts'
import { formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { readShare, type SharedRun } from '../library/share.ts'
import { useLibrary } from '../library/use-library.ts'
import { atRevision, isSameChoice, isSameModel, weightsOf } from '../models/choice.ts'
import { parameters } from '../sampling/parameters.ts'
import { useApp } from '../store/app.ts'

interface SharedDialogProps {
  /** Of the page's address. */
  readonly fragment: string
  readonly onClose: () => void
}

/** What a link asks for, before anything of it is loaded. */
export default function SharedDialog({ fragment, onClose }: SharedDialogProps) {
  const { t } = useWords()
  const host = useHost()
  const [run, setRun] = useState<SharedRun>()
  const [problem, setProblem] = useState<string>()

  useEffect(() => {
    readShare(fragment).then(setRun, (error) =>
      setProblem(error instanceof HeadlightError ? error.message : String(error)),
    )
  }, [fragment])

  const open = ({ text, model: named, revision, ...sampling }: SharedRun) => {
    onClose()
    const { model: loaded, info } = useApp.getState()
    const isLoaded = info !== undefined && info.revision === revision && isSameChoice(loaded, named)
    const model = named.kind === 'url' && revision !== undefined && !isLoaded ? atRevision(named, revision) : named
    useLibrary.getState().create('text', { text, model, sampling })
    // A text that is opened has its model loaded, but for one that may not be at hand, or that differs in precision only.
    if (!isLoaded && (model.kind === 'url' || isSameModel(loaded, model))) void host.consider(model)
  }
  return (
    <Dialog title={t('shared.title')} onClose={onClose}>
      {problem && (
        <p className="shared-about" role="alert">
          {t('shared.unreadable')} <span lang="en">{problem}</span>
        </p>
      )}
      {run && <Facts run={run} onOpen={() => open(run)} onClose={onClose} />}
    </Dialog>
  )
}

function Facts({ run, onOpen, onClose }: { run: SharedRun; onOpen: () => void; onClose: () => void }) {
  const { t, language } = useWords()
  const { text, model, revision, values, stop, seed, json, endless, whenFull } = run
  const precision = weightsOf(model).weights
  const summary = typeof whenFull === 'object' ? whenFull.summary?.words : undefined
  return (
    <>
      <p className="shared-about">{t('shared.about')}</p>
      <p className="shared-text" dir="auto">
        {text}
      </p>
      <dl className="shared-facts">
        <dt>{t('model.label')}</dt>
        <dd>{model.kind === 'built-in' ? t(`model.${model.id}`) : model.url}</dd>
        {precision && <dt>{t('models.precision')}</dt>}
        {precision && <dd>{t(`models.weights.${precision}`)}</dd>}
        {revision !== undefined && <dt>{t('shared.revision')}</dt>}
        {revision !== undefined && <dd className="shared-revision">{revision}</dd>}
        {parameters.map(({ name }) => {
          const value = values[name]
          if (value === undefined) return null
          return [
            <dt key={name}>{t(`sampling.${name}`)}</dt>,
            <dd key={`${name}=`}>{formatNumber(value, language, 3)}</dd>,
          ]
        })}
        <dt>{t('sampling.seed')}</dt>
        <dd>{seed}</dd>
        {stop.length > 0 && <dt>{t('sampling.stop')}</dt>}
        {stop.length > 0 && <dd>{stop.map((words) => JSON.stringify(words)).join(' ')}</dd>}
        {summary && <dt>{t('shared.summary')}</dt>}
        {summary && <dd dir="auto">{summary}</dd>}
        {endless && <dt>{t('endless.label')}</dt>}
        {endless && <dd>✓</dd>}
        {json !== undefined && <dt>{t('json.label')}</dt>}
        {json !== undefined && <dd>{json.trim() || t('json.any')}</dd>}
      </dl>
      <p className="shared-actions">
        <button className="large-button" type="button" data-main onClick={onOpen}>
          {t('shared.open')}
        </button>
        <button className="large-button" type="button" onClick={onClose}>
          {t('shared.leave')}
        </button>
      </p>
    </>
  )
}
