import type { KeyboardEvent, PointerEvent } from 'react'
import { useWords } from '../../i18n/index.ts'

interface DividerProps {
  /** Of the panel, in pixels. */
  readonly width: number
  readonly least: number
  readonly most: number
  /** Undefined: as it was at first. */
  readonly onWidth: (width: number | undefined) => void
}

const STEP = 16

/** The edge between the text and the panel at the right: dragged, moved by arrows, or put back by a double click. */
export function Divider({ width, least, most, onWidth }: DividerProps) {
  const { t } = useWords()
  const move = (to: number) => onWidth(Math.round(Math.max(least, Math.min(most, to))))
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowLeft: width + STEP, ArrowRight: width - STEP, Home: least, End: most }[event.key]
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    move(to)
  }
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button === 0) event.currentTarget.setPointerCapture(event.pointerId)
  }
  const onPointerMove = ({ currentTarget, pointerId, clientX }: PointerEvent<HTMLElement>) => {
    if (currentTarget.hasPointerCapture(pointerId)) move(innerWidth - clientX)
  }
  return (
    <div
      className="inspector-divider"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t('inspector.width')}
      aria-valuenow={Math.round(width)}
      aria-valuemin={Math.round(least)}
      aria-valuemax={Math.round(most)}
      aria-valuetext={t('inspector.pixels', { width: Math.round(width) })}
      title={t('inspector.divider')}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onDoubleClick={() => onWidth(undefined)}
    />
  )
}
