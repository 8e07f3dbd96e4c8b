import './Notices.css'
import { useState } from 'react'
import { useHost } from '../engine/host-context.ts'
import { canRetry, type Problem } from '../engine/problem.ts'
import { useWords } from '../i18n/index.ts'
import { builtInOf } from '../models.ts'
import { useApp } from '../store/app.ts'
import { Notice } from './Notice.tsx'

/** What went wrong, between the text and its controls. No WebGPU has a page of its own. */
export function Notices() {
  const { t } = useWords()
  const problem = useApp((state) => state.problem)
  const unsaved = useApp((state) => state.unsaved)
  const [seen, setSeen] = useState(false)
  return (
    <>
      {unsaved && !seen && (
        <Notice what={t('notice.unsaved')} todo={t('notice.unsavedDo')} onDismiss={() => setSeen(true)} />
      )}
      {problem && problem.code !== 'no-webgpu' && <ProblemNotice problem={problem} />}
    </>
  )
}

function ProblemNotice({ problem }: { problem: Problem }) {
  const { t, language } = useWords()
  const host = useHost()
  const dismiss = useApp((state) => state.dismissProblem)
  const model = useApp((state) => state.model)
  const { code, during, message, details } = problem
  const file = String(details['file'] ?? details['url'] ?? t('errors.aFile'))
  const builtIn = builtInOf(language)
  const offersBuiltIn = during === 'load' && (model.kind === 'url' || model.id !== builtIn)
  return (
    <Notice
      what={t(`errors.${code}.what`, { file })}
      todo={t(`errors.${code}.do`)}
      details={{ message, facts: details }}
      {...(during === 'write' && code !== 'device-lost' && { onDismiss: dismiss })}
    >
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
    </Notice>
  )
}
