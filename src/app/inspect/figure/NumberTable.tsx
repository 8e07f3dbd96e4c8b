import { useId } from 'react'

interface NumberTableProps {
  readonly caption: string
  readonly columns: readonly string[]
  /** The first of each row names it. */
  readonly rows: readonly (readonly string[])[]
}

/** Numbers to read or to hear. */
export function NumberTable({ caption, columns, rows }: NumberTableProps) {
  const name = useId()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section className="number-table-frame" aria-labelledby={name} tabIndex={0} data-scrolls="">
      <table className="number-table">
        <caption id={name}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells], row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity, and never move
            <tr key={row}>
              <th scope="row">{name}</th>
              {cells.map((cell, column) => (
                <td key={columns[column + 1]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
