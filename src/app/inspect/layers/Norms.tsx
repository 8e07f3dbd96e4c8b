import './Layers.css'
import type { Seen } from '../../../index.ts'
import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { Figure } from '../figure/Figure.tsx'

interface NormsProps {
  /** Of one position, from the first layer to the last. */
  readonly rows: NonNullable<Seen['norms']>
  readonly position: number
  readonly number?: number
}

const PARTS = ['residual', 'attention', 'mlp'] as const

/** How large the residual is, and what each sublayer adds to it. */
export function Norms({ rows, position, number }: NormsProps) {
  const { t, language } = useWords()
  const most = Math.max(...rows.flatMap((row) => PARTS.map((part) => row[part])), Number.MIN_VALUE)
  return (
    <Figure
      name={`norms-${position}`}
      title={t('inspect.norms.title', { position })}
      number={number}
      caption={t('inspect.norms.caption')}
      empty={rows.length === 0 && t('inspect.norms.empty')}
      numbers={() => ({ position, layers: rows })}
    >
      <table className="norm-table">
        <thead>
          <tr>
            <th scope="col">{t('inspect.column.layer')}</th>
            {PARTS.map((part) => (
              <th key={part} scope="col">
                {t(`inspect.norms.${part}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.layer}>
              <th scope="row">{row.layer}</th>
              {PARTS.map((part) => (
                <td key={part} data-part={part}>
                  <span className="bar" style={{ width: `${(row[part] / most) * 100}%` }} />
                  {formatNumber(row[part], language, 3)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Figure>
  )
}
