import './Dialog.css'
import { Dialog as Modal } from '@base-ui/react/dialog'
import type { ReactNode, RefObject } from 'react'
import { Cross } from '../controls/icons.tsx'
import { useWords } from '../i18n/index.ts'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly wide?: boolean
  /** What to focus first. Default: the first thing that can be. */
  readonly initialFocus?: RefObject<HTMLElement | null>
  /** Scrolls, where it is longer than the window. */
  readonly children: ReactNode
}

/**
 * A modal dialog, and a sheet from below where the window is narrow. Escape, the cross and the page behind close it;
 * focus stays in it, and returns to where it was. It is there as long as it is rendered.
 */
export function Dialog({ title, onClose, wide, initialFocus, children }: DialogProps) {
  const { t } = useWords()
  return (
    <Modal.Root open onOpenChange={(open) => !open && onClose()}>
      <Modal.Portal>
        <Modal.Backdrop className="dialog-backdrop" />
        <Modal.Popup className="dialog" data-wide={wide || undefined} {...(initialFocus && { initialFocus })}>
          <div className="dialog-head">
            <Modal.Title className="dialog-title">{title}</Modal.Title>
            <Modal.Close className="quiet-button" aria-label={t('dialog.close')} title={t('dialog.close')}>
              <Cross />
            </Modal.Close>
          </div>
          <div className="dialog-body">{children}</div>
        </Modal.Popup>
      </Modal.Portal>
    </Modal.Root>
  )
}
