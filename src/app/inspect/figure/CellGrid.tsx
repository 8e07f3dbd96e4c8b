import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useState } from 'react'
import type { Rect } from './scene.ts'

export interface Cell {
  readonly row: number
  readonly column: number
}

interface CellGridProps {
  readonly label: string
  /** How many of each. */
  readonly rows: number
  readonly columns: number
  /** The cell that is pointed at, by pointer or keys. */
  readonly active: Cell | undefined
  readonly onActive: (cell: Cell | undefined) => void
  readonly onPress?: ((cell: Cell) => void) | undefined
  /** Where a cell is drawn. */
  readonly boxOf: (cell: Cell) => Rect
  /** Which cell is drawn at a place. */
  readonly cellAt: (x: number, y: number) => Cell | undefined
  /** Its name and number, in words. */
  readonly says: (cell: Cell) => string
  /** Keys that mean more than moving. True: understood. */
  readonly onKey?: (event: KeyboardEvent, cell: Cell | undefined) => boolean
  readonly isPressed?: (cell: Cell) => boolean
  readonly children: ReactNode
}

/**
 * Makes the cells of a drawing reachable: a grid with one focus, of which only the active cell exists as an element,
 * so that a thousand cells cost what one does.
 */
export function CellGrid(props: CellGridProps) {
  const { label, rows, columns, active, onActive, onPress, boxOf, cellAt, says, onKey, isPressed, children } = props
  const id = useId()
  const [focused, setFocused] = useState(false)

  const place = (event: PointerEvent<HTMLElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    return cellAt(event.clientX - left, event.clientY - top)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (onKey?.(event, active)) return event.preventDefault()
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (active && onPress && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault()
      return onPress(active)
    }
    const next = moved(active, event.key, rows, columns)
    if (!next) return
    event.preventDefault()
    onActive(next)
  }
  const box = active && boxOf(active)
  return (
    <div
      className="cell-grid"
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={rows}
      aria-colcount={columns}
      aria-activedescendant={active && id}
      data-focused={focused || undefined}
      onKeyDown={onKeyDown}
      onFocus={() => {
        setFocused(true)
        if (!active) onActive({ row: 0, column: 0 })
      }}
      onBlur={() => setFocused(false)}
      onPointerMove={(event) => event.pointerType !== 'touch' && onActive(place(event))}
      onPointerLeave={() => !focused && onActive(undefined)}
      onClick={(event) => {
        const { left, top } = event.currentTarget.getBoundingClientRect()
        const cell = cellAt(event.clientX - left, event.clientY - top)
        if (!cell) return
        onActive(cell)
        onPress?.(cell)
      }}
    >
      {children}
      <div role="row" tabIndex={-1} aria-rowindex={(active?.row ?? 0) + 1} data-unsaved="">
        <div
          className="cell-ring"
          id={id}
          role="gridcell"
          aria-colindex={(active?.column ?? 0) + 1}
          aria-selected={(active && isPressed?.(active)) || undefined}
          aria-label={active ? says(active) : label}
          tabIndex={-1}
          data-shown={box ? '' : undefined}
          style={box && { left: box.x, top: box.y, width: box.width, height: box.height }}
        />
      </div>
    </div>
  )
}

/** Where a key leads from `cell`. */
function moved(cell: Cell | undefined, key: string, rows: number, columns: number): Cell | undefined {
  const { row, column } = cell ?? { row: 0, column: 0 }
  const to = (nextRow: number, nextColumn: number): Cell => ({
    row: Math.min(rows - 1, Math.max(0, nextRow)),
    column: Math.min(columns - 1, Math.max(0, nextColumn)),
  })
  switch (key) {
    case 'ArrowLeft':
      return to(row, column - 1)
    case 'ArrowRight':
      return to(row, column + 1)
    case 'ArrowUp':
      return to(row - 1, column)
    case 'ArrowDown':
      return to(row + 1, column)
    case 'Home':
      return to(row, 0)
    case 'End':
      return to(row, columns - 1)
    case 'PageUp':
      return to(row - 10, column)
    case 'PageDown':
      return to(row + 10, column)
    default:
      return undefined
  }
}
