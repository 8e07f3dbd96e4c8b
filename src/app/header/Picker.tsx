import './Picker.css'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Check } from '../controls/icons.tsx'

export interface Choice {
  readonly value: string
  readonly name: string
  readonly facts?: string
  readonly about?: string
}

interface PickerProps {
  /** What it picks, and what is picked. */
  readonly label: string
  readonly align: 'start' | 'end'
  readonly choices: readonly Choice[]
  readonly value: string
  readonly onPick: (value: string) => void
  readonly children: ReactNode
}

/** A button with a menu below it, to pick one of a few. Arrows move, Enter picks, Escape leaves. */
export function Picker({ label, align, choices, value, onPick, children }: PickerProps) {
  const id = useId()
  const picker = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)

  useEffect(() => {
    if (!open) return
    menu.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus()
    const leave = ({ target }: PointerEvent) => {
      if (target instanceof Node && !picker.current?.contains(target)) setOpen(false)
    }
    document.addEventListener('pointerdown', leave)
    return () => document.removeEventListener('pointerdown', leave)
  }, [open])

  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  const moveInMenu = (event: KeyboardEvent) => {
    const items = [...(menu.current?.children ?? [])] as HTMLElement[]
    const at = items.findIndex((item) => item === document.activeElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
    if (event.key === 'Escape') close()
    else if (event.key === 'Tab') return setOpen(false)
    else if (to === undefined) return
    else items.at(to % items.length)?.focus()
    event.preventDefault()
  }

  return (
    <div className="picker" ref={picker}>
      <button
        className="quiet-button"
        type="button"
        ref={button}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        title={label}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          setOpen(true)
        }}
      >
        {children}
      </button>
      {open && (
        <div
          className="picker-menu"
          id={id}
          role="menu"
          aria-label={label}
          data-align={align}
          ref={menu}
          onKeyDown={moveInMenu}
        >
          {choices.map(({ value: own, name, facts, about }) => (
            <button
              className="picker-item"
              type="button"
              role="menuitemradio"
              key={own}
              aria-checked={own === value}
              tabIndex={-1}
              onPointerEnter={(event) => event.currentTarget.focus()}
              onClick={() => {
                close()
                if (own !== value) onPick(own)
              }}
            >
              <span className="picker-check">{own === value && <Check />}</span>
              <span className="picker-name">{name}</span>
              {facts && <span className="picker-facts">{facts}</span>}
              {about && <span className="picker-about">{about}</span>}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
