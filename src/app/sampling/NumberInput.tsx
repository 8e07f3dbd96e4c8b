import { useState } from 'react'
import { parseNumber } from './parameters.ts'

interface NumberInputProps {
  readonly label: string
  readonly value: number
  readonly onChange: (value: number) => void
  readonly wide?: boolean
}

/** A number to type. It counts on Enter, or when left; what is no number changes nothing. */
export function NumberInput({ label, value, onChange, wide }: NumberInputProps) {
  const [typed, setTyped] = useState<string>()
  const commit = () => {
    const number = typed === undefined ? undefined : parseNumber(typed)
    if (number !== undefined && number !== value) onChange(number)
    setTyped(undefined)
  }
  return (
    <input
      className="number-input"
      data-wide={wide || undefined}
      type="text"
      inputMode="decimal"
      autoComplete="off"
      aria-label={label}
      value={typed ?? String(value)}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  )
}
