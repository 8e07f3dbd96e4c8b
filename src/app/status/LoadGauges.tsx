import './LoadGauges.css'
import type { Gauge } from '../../index.ts'
import { useModelName } from '../header/use-model-name.ts'
import { formatBytesOf, formatNumber } from '../i18n/format.ts'
import { useWords } from '../i18n/index.ts'
import { useApp } from '../store/app.ts'

const NONE: Gauge = { done: 0, total: 0 }

/** The three stages of loading, which run side by side. */
export function LoadGauges() {
  const { t, language } = useWords()
  const progress = useApp((state) => state.progress)
  const wanted = useApp((state) => state.wanted)
  const model = useModelName()
  const bytes = ({ done, total }: Gauge) => formatBytesOf(done, total, language)
  const count = ({ done, total }: Gauge) =>
    total > 0 ? `${formatNumber(done, language)} / ${formatNumber(total, language)}` : formatNumber(done, language)
  return (
    <div className="gauges">
      <span className="gauges-model">{wanted ? t('status.wanted') : t('status.loading', { model })}</span>
      <StageGauge name={t('status.download')} gauge={progress?.download ?? NONE} words={bytes} />
      <StageGauge name={t('status.weights')} gauge={progress?.weights ?? NONE} words={bytes} />
      <StageGauge name={t('status.pipelines')} gauge={progress?.pipelines ?? NONE} words={count} />
    </div>
  )
}

interface StageGaugeProps {
  readonly name: string
  readonly gauge: Gauge
  readonly words: (gauge: Gauge) => string
}

function StageGauge({ name, gauge, words }: StageGaugeProps) {
  const share = gauge.total > 0 ? Math.min(gauge.done / gauge.total, 1) : 0
  return (
    <div
      className="gauge"
      role="progressbar"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={gauge.total > 0 ? Math.round(share * 100) : undefined}
      aria-valuetext={words(gauge)}
    >
      <span className="gauge-track">
        <span className="gauge-done" style={{ transform: `scaleX(${share})` }} />
      </span>
      <span className="gauge-name">{name}</span>
      <span className="gauge-number">{words(gauge)}</span>
    </div>
  )
}
