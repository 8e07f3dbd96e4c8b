import { useEffect, useRef } from 'react'
import { InspectIcon } from '../../controls/icons.tsx'
import { useWords } from '../../i18n/index.ts'
import { ariaKeys, shownKeys } from '../../palette/strokes.ts'
import { useApp } from '../../store/app.ts'

/** Opens the inspector, and takes the focus back when it closes. */
export function InspectorButton() {
  const { t } = useWords()
  const button = useRef<HTMLButtonElement>(null)
  const open = useApp((state) => state.inspectorOpen)
  const toggle = useApp((state) => state.toggleInspector)
  const was = useRef(open)
  useEffect(() => {
    const lost = document.activeElement === document.body
    if (was.current && !open && lost) button.current?.focus()
    was.current = open
  }, [open])
  return (
    <button
      className="quiet-button"
      type="button"
      ref={button}
      aria-label={t('inspector.title')}
      aria-expanded={open}
      aria-keyshortcuts={ariaKeys('inspector')}
      title={t('inspector.open', { keys: shownKeys('inspector') })}
      onClick={toggle}
    >
      <InspectIcon />
    </button>
  )
}
