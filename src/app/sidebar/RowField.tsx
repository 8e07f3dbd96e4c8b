import { useLayoutEffect, useRef } from 'react'

interface RowFieldProps {
  readonly label: string
  readonly value: string
  /** Id of a datalist of what is known already. */
  readonly list: string | undefined
  /** Undefined: Escape leaves it as it was. */
  readonly onDone: (typed: string | undefined) => void
}

/** A name that is typed in place of itself. It counts on Enter, or when left. */
export function RowField({ label, value, list, onDone }: RowFieldProps) {
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [])
  return (
    <input
      className="row-field"
      ref={field}
      aria-label={label}
      placeholder={label}
      defaultValue={value}
      list={list}
      maxLength={200}
      autoComplete="off"
      onBlur={(event) => onDone(event.currentTarget.value.trim())}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Enter') onDone(event.currentTarget.value.trim())
        else if (event.key === 'Escape') onDone(undefined)
        else return
        event.preventDefault()
        event.stopPropagation()
      }}
    />
  )
}
