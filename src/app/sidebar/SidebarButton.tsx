import { useEffect, useRef } from 'react'
import { SidebarIcon } from '../controls/icons.tsx'
import { useWords } from '../i18n/index.ts'
import { ariaKeys, shownKeys } from '../palette/strokes.ts'
import { useApp } from '../store/app.ts'

/** Opens the list of texts, and takes the focus back when it closes. */
export function SidebarButton() {
  const { t } = useWords()
  const button = useRef<HTMLButtonElement>(null)
  const open = useApp((state) => state.sidebarOpen)
  const toggle = useApp((state) => state.toggleSidebar)
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
      aria-label={t('texts.title')}
      aria-expanded={open}
      aria-keyshortcuts={ariaKeys('texts')}
      title={t('texts.open', { keys: shownKeys('texts') })}
      onClick={toggle}
    >
      <SidebarIcon />
    </button>
  )
}
