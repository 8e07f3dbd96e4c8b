import { useState } from 'react'
import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { NumberInput } from '../../sampling/NumberInput.tsx'
import { NumberTable } from '../figure/NumberTable.tsx'
import type { HeadWeights } from './weights.ts'

interface RowTableProps {
  readonly rows: HeadWeights['rows']
  readonly labels: readonly string[]
  /** The position of the first of `labels`. */
  readonly first?: number
  /** The row that is shown at first. */
  readonly from: number
}

/** One row of a map as a table; which one, the reader says. */
export function RowTable({ rows, labels, first = 0, from }: RowTableProps) {
  const { t, language } = useWords()
  const [query, setQuery] = useState(from)
  const row = rows[query]
  return (
    <>
      <div className="figure-tools">
        {t('inspect.rowTable.of')}
        <NumberInput
          label={t('inspect.rowTable.of')}
          value={query}
          onChange={(typed) => setQuery(Math.max(0, Math.min(rows.length - 1, Math.round(typed))))}
        />
      </div>
      <NumberTable
        caption={t('inspect.rowTable.caption', { token: labels[query - first] ?? '', position: query })}
        columns={[t('inspect.column.position'), t('inspect.column.token'), t('inspect.column.weight')]}
        rows={Array.from(row ?? [], (weight, key) => [
          String(key),
          labels[key - first] ?? '',
          formatNumber(weight, language, 4),
        ])}
      />
    </>
  )
}
