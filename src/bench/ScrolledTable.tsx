import { type ReactNode, useId } from 'react'

interface ScrolledTableProps {
  readonly name: string
  readonly children: ReactNode
}

/** A table under its name. Where it is wider than the page it scrolls, by keyboard too. */
export function ScrolledTable({ name, children }: ScrolledTableProps) {
  const id = useId()
  return (
    <>
      <h3 id={id}>{name}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="bench-scroll" tabIndex={0} aria-labelledby={id}>
        <table className="bench-table" aria-labelledby={id}>
          {children}
        </table>
      </section>
    </>
  )
}
