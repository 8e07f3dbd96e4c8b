import './Sidebar.css'
import { Dialog as Modal } from '@base-ui/react/dialog'
import { type KeyboardEvent, useSyncExternalStore } from 'react'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'
import { Texts } from './Texts.tsx'

const narrow = matchMedia('(max-width: 44.9375em)')

function watchWidth(changed: () => void): () => void {
  narrow.addEventListener('change', changed)
  return () => narrow.removeEventListener('change', changed)
}

/** All texts: a column beside the open one, and a sheet over it where the window is narrow. */
export default function Sidebar() {
  const { t } = useWords()
  const isNarrow = useSyncExternalStore(watchWidth, () => narrow.matches)
  const close = useApp((state) => state.toggleSidebar)
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.preventDefault()
    close()
  }
  if (!isNarrow) {
    return (
      <aside className="sidebar" aria-label={t('texts.title')} onKeyDown={closeOnEscape}>
        <Texts onClose={close} onOpened={() => undefined} />
      </aside>
    )
  }
  return (
    <Modal.Root open onOpenChange={(open) => !open && close()}>
      <Modal.Portal>
        <Modal.Backdrop className="dialog-backdrop" />
        <Modal.Popup className="sidebar" data-sheet aria-label={t('texts.title')}>
          <Texts onClose={close} onOpened={close} />
        </Modal.Popup>
      </Modal.Portal>
    </Modal.Root>
  )
}
