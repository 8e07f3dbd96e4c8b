import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'

interface StepTableProps {
  readonly column: string
  readonly labels: readonly string[]
  /** Of each token; −∞ where it cannot be seen. */
  readonly numbers: Float32Array
  readonly query: number
  /** Numbers that belong to the same rows, before this step. */
  readonly before?: { readonly column: string; readonly numbers: Float32Array } | undefined
}

/** A number of each token as a bar from a common zero. */
export function StepTable({ column, labels, numbers, query, before }: StepTableProps) {
  const { t, language } = useWords()
  const finite = [...numbers].filter(Number.isFinite)
  const [least, most] = [Math.min(0, ...finite), Math.max(0, ...finite)]
  const span = most - least || 1
  const written = (number: number) => (Number.isFinite(number) ? formatNumber(number, language, 3) : '−∞')
  return (
    <table className="bar-table step-table">
      <thead>
        <tr>
          <th scope="col">{t('inspect.column.token')}</th>
          <th scope="col">
            <span className="only-heard">{t('inspect.tour.bars')}</span>
          </th>
          {before && <th scope="col">{before.column}</th>}
          <th scope="col">{column}</th>
        </tr>
      </thead>
      <tbody>
        {labels.map((label, key) => {
          const number = numbers[key]!
          const [from, to] = [Math.min(0, number), Math.max(0, number)]
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a position is what a token is known by
            <tr key={key} data-query={key === query || undefined}>
              <th scope="row">{label}</th>
              <td className="bar-cell" aria-hidden="true" data-masked={!Number.isFinite(number) || undefined}>
                {Number.isFinite(number) && (
                  <span
                    className="bar"
                    style={{ marginLeft: `${((from - least) / span) * 100}%`, width: `${((to - from) / span) * 100}%` }}
                  />
                )}
              </td>
              {before && <td className="figure-quiet">{written(before.numbers[key]!)}</td>}
              <td>{written(number)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
