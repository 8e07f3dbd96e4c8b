import './Layers.css'
import type { Seen } from '../../../index.ts'
import { useWords } from '../../i18n/index.ts'
import { rampOf } from '../colour/ramps.ts'
import { colourOf } from '../colour/scales.ts'
import { Figure } from '../figure/Figure.tsx'
import { formatShare } from '../figure/format-share.ts'
import { Legend } from '../figure/Legend.tsx'
import { useTheme } from '../figure/use-palette.ts'
import { visible } from '../tokens/units.ts'

interface LensTableProps {
  /** Of one position, from the first layer to the last. */
  readonly rows: NonNullable<Seen['lens']>
  readonly position: number
  /** The token at that position: the guesses are about the one after it. */
  readonly token: string
  readonly number?: number
}

/** What the model would say after each layer. */
export function LensTable({ rows, position, token, number }: LensTableProps) {
  const { t, language } = useWords()
  const ramp = rampOf('probability', useTheme())
  const final = rows.at(-1)?.top[0]
  const ranks = Array.from({ length: Math.max(0, ...rows.map(({ top }) => top.length)) }, (_, rank) => rank)
  return (
    <Figure
      name={`lens-${position}`}
      title={t('inspect.lens.title', { token: visible(token), position })}
      number={number}
      caption={t('inspect.lens.caption', { final: visible(final?.text ?? '') })}
      empty={rows.length === 0 && t('inspect.lens.empty')}
      numbers={() => ({ position, token, layers: rows })}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <section className="scroll-frame" tabIndex={0} aria-label={t('inspect.lens.label')} data-scrolls="">
        <table className="lens-table">
          <thead>
            <tr>
              <th scope="col">{t('inspect.column.layer')}</th>
              {ranks.map((rank) => (
                <th key={rank} scope="col">
                  {t('inspect.lens.guess', { rank: rank + 1 })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ layer, top }) => (
              <tr key={layer}>
                <th scope="row">{layer}</th>
                {top.map(({ id, text, logprob }) => {
                  const probability = Math.exp(logprob)
                  return (
                    <td
                      key={id}
                      data-final={id === final?.id || undefined}
                      style={{ background: colourOf(ramp, 'probability', probability) }}
                    >
                      <span className="lens-token">{visible(text)}</span>
                      <span className="lens-share">{formatShare(probability, language)}</span>
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Legend ramp="probability" />
    </Figure>
  )
}
