import './Inspector.css'
import { Dialog as Modal } from '@base-ui/react/dialog'
import { type KeyboardEvent, type ReactNode, useEffect, useState, useSyncExternalStore } from 'react'
import { useHost } from '../../engine/host-context.ts'
import { createInspector, type Inspector as Looker } from '../../engine/inspector.ts'
import { useWords } from '../../i18n/index.ts'
import { useLibrary } from '../../library/use-library.ts'
import { useApp } from '../../store/app.ts'
import { Divider } from './Divider.tsx'
import { useLook } from './look.ts'
import { usePanelWidth } from './use-panel-width.ts'
import { Views } from './Views.tsx'

const narrow = matchMedia('(max-width: 59.9375em)')

function watchWidth(changed: () => void): () => void {
  narrow.addEventListener('change', changed)
  return () => narrow.removeEventListener('change', changed)
}

/** What goes on in the model: a column beside the text, and a sheet over it where the window is narrow. */
export default function Inspector() {
  const { t } = useWords()
  const host = useHost()
  const isNarrow = useSyncExternalStore(watchWidth, () => narrow.matches)
  const close = useApp((state) => state.toggleInspector)
  const [looker, setLooker] = useState<Looker>()
  useEffect(() => {
    const created = createInspector(useApp, useLibrary, host, useLook)
    setLooker(created)
    return () => created.destroy()
  }, [host])
  const closeOnEscape = (event: KeyboardEvent<HTMLElement>) => {
    // What is open over it, outside of it in the page, closes first.
    const isInside = event.target instanceof Node && event.currentTarget.contains(event.target)
    if (event.key !== 'Escape' || event.defaultPrevented || !isInside) return
    event.preventDefault()
    close()
  }
  const views = <Views onClose={close} onHalt={() => looker?.halt()} onAgain={() => looker?.again()} />
  if (!isNarrow) return <Beside onKeyDown={closeOnEscape}>{views}</Beside>
  return (
    <Modal.Root open onOpenChange={(open) => !open && close()}>
      <Modal.Portal>
        <Modal.Backdrop className="dialog-backdrop" />
        <Modal.Popup className="inspector" data-sheet aria-label={t('inspector.title')}>
          {views}
        </Modal.Popup>
      </Modal.Portal>
    </Modal.Root>
  )
}

interface BesideProps {
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  readonly children: ReactNode
}

function Beside({ onKeyDown, children }: BesideProps) {
  const { t } = useWords()
  const { width, least, most } = usePanelWidth()
  const setWidth = useApp((state) => state.setInspectorWidth)
  return (
    <aside className="inspector" aria-label={t('inspector.title')} onKeyDown={onKeyDown} style={{ width }}>
      <Divider width={width} least={least} most={most} onWidth={setWidth} />
      {children}
    </aside>
  )
}
