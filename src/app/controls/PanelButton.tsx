import { type ReactNode, useEffect, useRef } from 'react'
import { ariaKeys, type StrokeId } from '../palette/strokes.ts'

interface PanelButtonProps {
  readonly label: string
  readonly title: string
  readonly keys: StrokeId
  readonly open: boolean
  readonly onToggle: () => void
  readonly children: ReactNode
}

/** Opens a panel beside the text, and takes the focus back when it closes. */
export function PanelButton({ label, title, keys, open, onToggle, children }: PanelButtonProps) {
  const button = useRef<HTMLButtonElement>(null)
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
      aria-label={label}
      aria-expanded={open}
      aria-keyshortcuts={ariaKeys(keys)}
      title={title}
      onClick={onToggle}
    >
      {children}
    </button>
  )
}
