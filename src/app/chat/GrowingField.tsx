import { type RefObject, useLayoutEffect } from 'react'
import { isActKey } from '../device.ts'

interface GrowingFieldProps {
  readonly field: RefObject<HTMLTextAreaElement | null>
  readonly label: string
  readonly placeholder?: string
  readonly value: string
  readonly onChange: (text: string) => void
  /** Enter, or with a modifier where Enter is a new line; never within an input method's word. */
  readonly onEnter: () => void
  readonly onEscape?: () => void
}

/** A field as high as its text, up to a part of the window. */
export function GrowingField({ field, label, placeholder, value, onChange, onEnter, onEscape }: GrowingFieldProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: its height follows from its text
  useLayoutEffect(() => {
    const area = field.current
    if (!area) return
    area.style.height = 'auto'
    area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`
  }, [field, value])
  return (
    <textarea
      className="chat-field"
      ref={field}
      rows={1}
      dir="auto"
      aria-label={label}
      placeholder={placeholder}
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && onEscape && !event.nativeEvent.isComposing) onEscape()
        else if (isActKey(event.nativeEvent)) onEnter()
        else return
        event.preventDefault()
      }}
    />
  )
}
