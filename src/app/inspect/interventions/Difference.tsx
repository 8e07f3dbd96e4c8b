import './Difference.css'
import { useMemo } from 'react'
import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { Figure } from '../figure/Figure.tsx'
import { formatShare } from '../figure/format-share.ts'
import { visible } from '../tokens/units.ts'
import { compare } from './compare.ts'

interface DifferenceProps {
  /** Logits of the next token, [vocab]: of the model as it is, and as it was changed. */
  readonly before: Float32Array | undefined
  readonly after: Float32Array | undefined
  readonly textOf: (id: number) => string
  readonly number?: number
}

const TOP = 6

/** What a change to the model changes in what it would say next. */
export function Difference({ before, after, textOf, number }: DifferenceProps) {
  const { t, language } = useWords()
  const comparison = useMemo(() => before && after && compare(before, after, TOP), [before, after])
  const most = Math.max(Number.MIN_VALUE, ...(comparison?.tokens ?? []).flatMap((token) => [token.before, token.after]))
  return (
    <Figure
      name="difference"
      title={t('inspect.difference.title')}
      number={number}
      caption={t('inspect.difference.caption')}
      empty={!comparison && t('inspect.difference.empty')}
      numbers={() => ({
        kl: comparison?.kl,
        tokens: comparison?.tokens.map((token) => ({ ...token, text: textOf(token.id) })),
      })}
    >
      {comparison && (
        <>
          <table className="difference-table">
            <thead>
              <tr>
                <th scope="col">{t('inspect.difference.before')}</th>
                <th scope="col">{t('inspect.column.token')}</th>
                <th scope="col">{t('inspect.difference.after')}</th>
              </tr>
            </thead>
            <tbody>
              {comparison.tokens.map((token) => (
                <tr key={token.id}>
                  <td>
                    <span className="difference-bar">
                      {formatShare(token.before, language)}
                      <span className="bar" style={{ width: `${(token.before / most) * 60}%` }} />
                    </span>
                  </td>
                  <th scope="row">{visible(textOf(token.id))}</th>
                  <td>
                    <span className="difference-bar">
                      <span className="bar" style={{ width: `${(token.after / most) * 60}%` }} />
                      {formatShare(token.after, language)}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="figure-reading">
            {t('inspect.difference.kl', { kl: formatNumber(comparison.kl, language, 4) })}
          </p>
        </>
      )}
    </Figure>
  )
}
