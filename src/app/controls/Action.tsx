import type { ReactNode } from 'react'

interface ActionProps {
  readonly name: string
  readonly hint?: string
  readonly keys?: string
  readonly enabled: boolean
  readonly act: () => void
  readonly children: ReactNode
}

/** A word where there is room, a picture where there is not. It keeps its focus when it can do nothing more. */
export function Action({ name, hint, keys, enabled, act, children }: ActionProps) {
  return (
    <button
      className="quiet-button action"
      type="button"
      aria-label={name}
      aria-disabled={!enabled || undefined}
      aria-keyshortcuts={keys}
      title={hint ?? name}
      onClick={() => enabled && act()}
    >
      {children}
      <span className="action-name">{name}</span>
    </button>
  )
}
