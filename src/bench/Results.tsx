import { formatBytes, formatNumber, formatRate } from '../app/i18n/format.ts'
import { browserName } from './device.ts'
import { formatMs, formatShare, readShare } from './figures.ts'
import { useBenchWords } from './i18n/catalogue.ts'
import { KernelTable } from './KernelTable.tsx'
import type { Report } from './run.ts'
import { ScrolledTable } from './ScrolledTable.tsx'

export function Results({ report }: { report: Report }) {
  const { t } = useBenchWords()
  const [one, ...others] = report.steps
  return (
    <section className="bench-results" aria-labelledby="bench-results">
      <h2 id="bench-results">{t('result.heading')}</h2>
      <Headline report={report} />
      <SpeedTable report={report} />
      <DeviceTable report={report} />
      {one ? (
        [one, ...others].map((step) => <KernelTable key={step.rows} step={step} />)
      ) : (
        <p className="bench-hint">{t('kernels.untimed')}</p>
      )}
    </section>
  )
}

/** The few numbers that one would tell. */
function Headline({ report }: { report: Report }) {
  const { t, language } = useBenchWords()
  const [speed] = report.speeds
  const share = readShare(report)
  if (!speed) return null
  const numbers = [
    { number: formatRate(speed.writes, language), name: t('result.writes') },
    { number: formatRate(speed.reads, language), name: t('result.reads') },
    { number: formatMs(speed.firstMs, language), name: t('result.first') },
    ...(share === undefined
      ? []
      : [{ number: formatShare(share, language), name: t('result.share'), title: t('result.shareTitle') }]),
  ]
  return (
    <dl className="bench-headline">
      {numbers.map(({ number, name, title }) => (
        <div key={name} title={title}>
          <dt>{name}</dt>
          <dd>{number}</dd>
        </div>
      ))}
    </dl>
  )
}

function SpeedTable({ report: { speeds, leftOut } }: { report: Report }) {
  const { t, language } = useBenchWords()
  return (
    <ScrolledTable name={t('context.caption')}>
      <thead>
        <tr>
          <th scope="col">{t('context.length')}</th>
          <th scope="col">{t('context.reads')}</th>
          <th scope="col">{t('context.first')}</th>
          <th scope="col">{t('context.writes')}</th>
        </tr>
      </thead>
      <tbody>
        {speeds.map(({ length, reads, firstMs, writes }) => (
          <tr key={length}>
            <th scope="row">{formatNumber(length, language)}</th>
            <td>{formatRate(reads, language)}</td>
            <td>{formatMs(firstMs, language)}</td>
            <td>{formatRate(writes, language)}</td>
          </tr>
        ))}
        {leftOut.map((length) => (
          <tr key={length}>
            <th scope="row">{formatNumber(length, language)}</th>
            <td className="bench-left-out" colSpan={3}>
              {t('context.leftOut')}
            </td>
          </tr>
        ))}
      </tbody>
    </ScrolledTable>
  )
}

function DeviceTable({ report: { device, limits, info } }: { report: Report }) {
  const { t, language } = useBenchWords()
  const bytes = (value: number) => formatBytes(value, language)
  const facts = [
    [t('device.name'), device.software ? t('device.software', { device: device.name }) : device.name],
    [t('device.browser'), browserName()],
    [t('device.features'), device.features.join(', ') || t('device.noFeatures')],
    ...(limits
      ? [
          [t('device.buffer'), bytes(limits.buffer)],
          [t('device.binding'), bytes(limits.binding)],
          [t('device.shared'), bytes(limits.shared)],
          [t('device.threads'), formatNumber(limits.threads, language)],
        ]
      : []),
    [t('device.weights'), `${bytes(info.weightBytes)}, ${info.weights.join(', ')}`],
    [t('device.arithmetic'), info.arithmetic === 'auto' ? t('byDevice') : info.arithmetic],
    [t('device.cache'), `${bytes(info.kvBytesPerToken)}, ${info.kv}`],
    [t('device.dispatches'), formatNumber(info.dispatchesPerToken, language)],
  ]
  return (
    <>
      <h3 id="bench-device">{t('device.caption')}</h3>
      <table className="bench-table bench-facts" aria-labelledby="bench-device">
        <tbody>
          {facts.map(([name, fact]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{fact}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
