import type { ReactNode } from 'react'
import type { Problem } from '../engine/problem.ts'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'
import { Notice } from './Notice.tsx'
import { wordingOf } from './wording.ts'

interface ProblemNoticeProps {
  readonly problem: Problem
  readonly onDismiss?: (() => void) | undefined
  /** What can be done about it. */
  readonly children?: ReactNode
}

export function ProblemNotice({ problem, onDismiss, children }: ProblemNoticeProps) {
  const { t } = useWords()
  const openModels = useApp((state) => state.openModels)
  const { code, message, details } = problem
  const { what, todo } = wordingOf(problem, t, !navigator.onLine)
  return (
    <Notice what={what} todo={todo} details={{ message, facts: details }} {...(onDismiss && { onDismiss })}>
      {children}
      {code === 'no-access' && 'reason' in details && (
        <>
          <a className="notice-button" href={String(details['url'])} target="_blank" rel="noreferrer">
            {t('models.page')}
          </a>
          <button className="notice-button" type="button" onClick={() => openModels('hub')}>
            {t('models.toHub')}
          </button>
        </>
      )}
    </Notice>
  )
}
