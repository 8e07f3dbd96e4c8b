import type { ReactNode } from 'react'
import type { ErrorDetails } from '../../index.ts'
import { useWords } from '../i18n/index.ts'

interface NoticeProps {
  readonly what: string
  readonly todo: string
  /** For those who want to know exactly, or to report it. In English. */
  readonly details?: { readonly message: string; readonly facts: ErrorDetails }
  readonly onDismiss?: () => void
  /** Nothing went wrong. */
  readonly quiet?: boolean
  readonly children?: ReactNode
}

export function Notice({ what, todo, details, onDismiss, quiet, children }: NoticeProps) {
  const { t } = useWords()
  return (
    <section className="notice" role={quiet ? 'status' : 'alert'} data-quiet={quiet}>
      <h2 className="notice-what">{what}</h2>
      <p className="notice-do">{todo}</p>
      <div className="notice-actions">
        {children}
        {onDismiss && (
          <button className="notice-button" type="button" onClick={onDismiss}>
            {t('notice.dismiss')}
          </button>
        )}
      </div>
      {details && (
        <details className="notice-details">
          <summary>{t('notice.details')}</summary>
          <p lang="en">{details.message}</p>
          <dl>
            {Object.entries(details.facts).map(([name, fact]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{fact}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  )
}
