import './Panel.css'
import { Popover } from '@base-ui/react/popover'
import type { ReactNode, RefObject } from 'react'
import { useWords } from '../i18n/index.ts'

interface PanelProps {
  readonly title: string
  /** What opened it, and closes it. */
  readonly button: RefObject<HTMLButtonElement | null>
  readonly align: 'start' | 'end'
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Settings above the button that they belong to, and a sheet from below where the window is narrow. */
export function Panel({ title, button, align, onClose, children }: PanelProps) {
  const { t } = useWords()
  return (
    <Popover.Root
      open
      onOpenChange={(open, { event }) => {
        const onButton = event.target instanceof Node && button.current?.contains(event.target)
        if (!open && !onButton) onClose() // the button closes by itself
      }}
    >
      <Popover.Portal>
        <Popover.Positioner className="panel-positioner" anchor={button} side="top" align={align} sideOffset={8}>
          <Popover.Popup className="panel" finalFocus={button}>
            <div className="panel-head">
              <Popover.Title className="panel-title">{title}</Popover.Title>
              <Popover.Close className="link-button">{t('sampling.close')}</Popover.Close>
            </div>
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
