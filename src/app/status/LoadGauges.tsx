import './LoadGauges.css'
import type { Gauge } from '../../index.ts'
import { formatBytes, formatBytesOf, formatDuration, formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'

const NONE: Gauge = { done: 0, total: 0 }

/** The three stages of loading, which run side by side. */
export function LoadGauges() {
  const { t, language } = useWords()
  const progress = useApp((state) => state.progress)
  const bytes = ({ done, total }: Gauge) => formatBytesOf(done, total, language)
  const count = ({ done, total }: Gauge) =>
    total > 0 ? `${formatNumber(done, language)} / ${formatNumber(total, language)}` : formatNumber(done, language)
  const stages = [
    { name: t('status.download'), gauge: progress?.download ?? NONE, words: bytes, pace: usePace() },
    { name: t('status.weights'), gauge: progress?.weights ?? NONE, words: bytes },
    { name: t('status.pipelines'), gauge: progress?.pipelines ?? NONE, words: count },
  ]
  const current = stages.findIndex(({ gauge: { done, total } }) => total === 0 || done < total)
  return (
    <div className="gauges">
      {stages.map(({ name, gauge, words, pace }, at) => (
        <StageGauge key={name} name={name} gauge={gauge} words={words(gauge)} pace={pace} isCurrent={at === current} />
      ))}
      {progress?.notice && <p className="gauges-notice">{t(`download.notice.${progress.notice}`)}</p>}
    </div>
  )
}

/** "4.2 MB/s · 2 min left" */
function usePace(): string | undefined {
  const { t, language } = useWords()
  const pace = useApp((state) => state.pace)
  if (!pace) return undefined
  const { bytesPerSecond, secondsLeft } = pace
  if (bytesPerSecond === 0) return t('download.waiting')
  const speed = t('download.pace', { speed: formatBytes(bytesPerSecond, language) })
  const left = secondsLeft && t('download.left', { time: formatDuration(secondsLeft, language) })
  return [speed, left].filter(Boolean).join(' · ')
}

interface StageGaugeProps {
  readonly name: string
  readonly gauge: Gauge
  /** How far it is. */
  readonly words: string
  readonly pace?: string | undefined
  /** The first that is not done: where there is room for one, it is shown. */
  readonly isCurrent: boolean
}

function StageGauge({ name, gauge, words, pace, isCurrent }: StageGaugeProps) {
  const share = gauge.total > 0 ? Math.min(gauge.done / gauge.total, 1) : 0
  return (
    <div
      className="gauge"
      role="progressbar"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={gauge.total > 0 ? Math.round(share * 100) : undefined}
      aria-valuetext={[words, pace].filter(Boolean).join(' · ')}
      data-current={isCurrent || undefined}
    >
      <span className="gauge-track">
        <span className="gauge-done" style={{ transform: `scaleX(${share})` }} />
      </span>
      <span className="gauge-name">{name}</span>
      <span className="gauge-number">{words}</span>
      {pace && <span className="gauge-pace">{pace}</span>}
    </div>
  )
}
