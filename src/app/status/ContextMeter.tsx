import './ContextMeter.css'
import { type CSSProperties, lazy, Suspense, useRef } from 'react'
import { formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'

const ContextPanel = lazy(() => import('./ContextPanel.tsx')) // not needed for the first paint

/** How much of what the model can see at once is used; opens what happens when it is full. */
export function ContextMeter() {
  const { t, language } = useWords()
  const button = useRef<HTMLButtonElement>(null)
  const open = useApp(({ panel }) => panel === 'context')
  const { openPanel, closePanel } = useApp.getState()
  const use = useApp((state) => state.contextUse)
  const context = useApp((state) => state.info?.context)
  if (!use || context === undefined) return null
  const number = (value: number) => formatNumber(value, language)
  const words =
    use.seen < use.text
      ? t('status.contextOver', { seen: number(use.seen), text: number(use.text) })
      : t('status.context', { used: number(use.text), limit: number(context) })
  return (
    <span className="status-fact" data-fact="context">
      <button
        className="context-meter"
        type="button"
        ref={button}
        aria-haspopup="dialog"
        aria-expanded={open}
        title={t('status.contextTitle')}
        onClick={() => (open ? closePanel() : openPanel('context'))}
      >
        <span
          className="context-bar"
          aria-hidden="true"
          data-over={use.seen < use.text || use.text > context || undefined}
          style={{ '--used': Math.min(1, use.seen / context) } as CSSProperties}
        />
        {words}
      </button>
      {open && (
        <Suspense>
          <ContextPanel button={button} use={use} context={context} onClose={closePanel} />
        </Suspense>
      )}
    </span>
  )
}
