import './Notices.css'
import { useState } from 'react'
import { useHost } from '../engine/host-context.ts'
import { canRetry, type Problem } from '../engine/problem.ts'
import { useWords } from '../i18n/index.ts'
import { ChangedNotice } from '../inspect/panel/ChangedNotice.tsx'
import { useLibrary } from '../library/use-library.ts'
import { builtInOf } from '../models/built-in.ts'
import { useApp } from '../store/app.ts'
import { Notice } from './Notice.tsx'
import { ProblemNotice } from './ProblemNotice.tsx'

/** What went wrong, between the text and its controls. No WebGPU has a page of its own. */
export function Notices() {
  const { t } = useWords()
  const problem = useApp((state) => state.problem)
  const inDialog = useApp(({ modelTab }) => modelTab !== undefined) // which says it there
  const unsaved = useLibrary(({ keeping }) => keeping === 'refused' || keeping === 'full')
  const takeOver = useApp((state) => state.takeOver)
  const [seen, setSeen] = useState(false)
  return (
    <>
      {unsaved && !seen && (
        <Notice what={t('notice.unsaved')} todo={t('notice.unsavedDo')} onDismiss={() => setSeen(true)} />
      )}
      {takeOver && (
        <Notice
          what={t('notice.update')}
          todo={t('notice.updateDo')}
          quiet
          onDismiss={() => useApp.setState({ takeOver: undefined })}
        >
          <button className="notice-button" type="button" onClick={takeOver}>
            {t('notice.reload')}
          </button>
        </Notice>
      )}
      <ChangedNotice />
      {problem && problem.code !== 'no-webgpu' && !inDialog && <PageProblem problem={problem} />}
    </>
  )
}

function PageProblem({ problem }: { problem: Problem }) {
  const { t, language } = useWords()
  const host = useHost()
  const dismiss = useApp((state) => state.dismissProblem)
  const failed = useApp((state) => state.phase === 'failed')
  const model = useApp((state) => state.model)
  const { code, during } = problem
  const builtIn = builtInOf(language)
  const offersBuiltIn = failed && during === 'load' && !(model.kind === 'built-in' && model.id === builtIn)
  return (
    <ProblemNotice problem={problem} onDismiss={failed || code === 'device-lost' ? undefined : dismiss}>
      {canRetry(problem) && (
        <button className="notice-button" type="button" onClick={() => void host.recover()}>
          {t(during === 'start' || code === 'device-lost' ? 'notice.restart' : 'notice.retry')}
        </button>
      )}
      {offersBuiltIn && (
        <button
          className="notice-button"
          type="button"
          onClick={() => void host.choose({ kind: 'built-in', id: builtIn })}
        >
          {t('notice.builtIn', { model: t(`model.${builtIn}`) })}
        </button>
      )}
    </ProblemNotice>
  )
}
