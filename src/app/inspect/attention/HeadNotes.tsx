import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { Figure } from '../figure/Figure.tsx'
import { formatShare } from '../figure/format-share.ts'
import type { ShownToken } from '../tokens/units.ts'
import { evenShares, sharesOf } from './notes.ts'
import type { HeadFacts, HeadWeights } from './weights.ts'

interface HeadNotesProps {
  readonly weights: HeadWeights | undefined
  readonly tokens: readonly ShownToken[]
  readonly facts: HeadFacts
  readonly number?: number
}

const NEAR = 8
const SHARES = ['first', 'previous', 'itself', 'same', 'window'] as const

/** What a head attends to, in shares; beside each, what it would be if it attended to everything alike. */
export function HeadNotes({ weights, tokens, facts, number }: HeadNotesProps) {
  const { t, language } = useWords()
  const ids = tokens.map(({ id }) => id)
  const shares = weights && sharesOf(weights.rows, ids, NEAR)
  const even = weights && evenShares(weights.rows, ids, NEAR)
  const size = facts.heads / facts.kvHeads
  const first = weights ? Math.floor(weights.head / size) * size : 0
  const window = weights && facts.windows[weights.layer]
  return (
    <Figure
      name={weights ? `head-${weights.layer}.${weights.head}` : 'head'}
      title={
        weights ? t('inspect.notes.titleOf', { layer: weights.layer, head: weights.head }) : t('inspect.notes.title')
      }
      number={number}
      caption={t('inspect.notes.caption', { rows: shares?.rows ?? 0 })}
      empty={!shares && t('inspect.notes.empty')}
      numbers={() => ({ layer: weights?.layer, head: weights?.head, near: NEAR, shares, evenly: even })}
    >
      {shares && even && (
        <>
          <table className="bar-table">
            <thead>
              <tr>
                <th scope="col">{t('inspect.notes.on')}</th>
                <th scope="col">
                  <span className="only-heard">{t('inspect.notes.bar')}</span>
                </th>
                <th scope="col">{t('inspect.notes.share')}</th>
                <th scope="col">{t('inspect.notes.evenly')}</th>
              </tr>
            </thead>
            <tbody>
              {(shares.sink > 0 ? ([...SHARES, 'sink'] as const) : SHARES).map((name) => (
                <tr key={name}>
                  <th scope="row">{t(`inspect.notes.${name}`, { near: NEAR })}</th>
                  <td className="bar-cell" aria-hidden="true">
                    <span className="bar" style={{ width: `${shares[name] * 100}%` }} />
                    <span className="bar-even" style={{ left: `${even[name] * 100}%` }} />
                  </td>
                  <td>{formatShare(shares[name], language)}</td>
                  <td className="figure-quiet">{formatShare(even[name], language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="figure-reading">
            {t('inspect.notes.entropy', {
              entropy: formatNumber(shares.entropy, language, 2),
              most: formatNumber(even.entropy, language, 2),
              count: formatNumber(Math.exp(shares.entropy), language, 1),
            })}
            {size > 1 && facts.kvHeads > 0 && ` ${t('inspect.grid.shares', { first, last: first + size - 1 })}`}
            {window && ` ${t('inspect.notes.windowed', { window })}`}
          </p>
        </>
      )}
    </Figure>
  )
}
