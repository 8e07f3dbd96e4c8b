import { formatBytes, formatNumber } from '../app/i18n/format.ts'
import type { KernelProfile } from '../index.ts'
import { formatFixed, formatShare } from './figures.ts'
import { useBenchWords } from './i18n/catalogue.ts'
import type { TimedStep } from './measure.ts'
import { ScrolledTable } from './ScrolledTable.tsx'

/** Where the time of a step goes, the most first. */
export function KernelTable({ step: { rows, position, profile } }: { step: TimedStep }) {
  const { t, language } = useBenchWords()
  const { peak, kernels } = profile
  const totalMs = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const whole = (value: number) => formatNumber(value, language)
  const ms = formatFixed(totalMs, language, 2)
  const caption =
    rows === 1 ? t('kernels.one', { position: whole(position + 1), ms }) : t('kernels.many', { rows: whole(rows), ms })
  const reached = ({ milliseconds }: KernelProfile, amount: number, most: number) =>
    amount > 0 && milliseconds > 0 ? formatShare(amount / (milliseconds / 1000) / most, language) : ''
  return (
    <>
      <ScrolledTable name={caption}>
        <thead>
          <tr>
            {(['kernel', 'runs', 'ms', 'share', 'read', 'compute'] as const).map((name) => (
              <th scope="col" key={name}>
                {t(`kernels.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {kernels
            .toSorted((a, b) => b.milliseconds - a.milliseconds)
            .map((kernel, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of one finished measurement
              <tr key={i}>
                <th scope="row">{[kernel.kernel, kernel.layout, kernel.weight].filter(Boolean).join(' ')}</th>
                <td>{whole(kernel.dispatches)}</td>
                <td>{formatFixed(kernel.milliseconds, language, 3)}</td>
                <td>{formatShare(kernel.milliseconds / totalMs, language)}</td>
                <td>{reached(kernel, kernel.bytes, peak.bytesPerSecond)}</td>
                <td>{reached(kernel, kernel.flops, peak.flopsPerSecond)}</td>
              </tr>
            ))}
        </tbody>
      </ScrolledTable>
      {rows === 1 && (
        <p className="bench-hint">
          {t('kernels.about', {
            bytes: formatBytes(peak.bytesPerSecond, language),
            flops: whole(peak.flopsPerSecond / 1e9),
          })}
        </p>
      )}
    </>
  )
}
