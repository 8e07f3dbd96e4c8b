import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { type RampName, rampOf } from '../colour/ramps.ts'
import { SCALES } from '../colour/scales.ts'
import { useTheme } from './use-palette.ts'

const SWATCHES = 32

/** What the colours of a ramp stand for, in numbers. */
export function Legend({ ramp }: { ramp: RampName }) {
  const { t, language } = useWords()
  const { css } = rampOf(ramp, useTheme())
  const { marks, share } = SCALES[ramp]
  return (
    <div className="legend">
      <span className="legend-name">{t(`inspect.scale.${ramp}`)}</span>
      <span className="legend-scale">
        <span className="legend-ramp">
          {Array.from({ length: SWATCHES }, (_, i) => {
            const background = css[Math.round((i / (SWATCHES - 1)) * (css.length - 1))]!
            return <span className="legend-swatch" key={background} style={{ background }} />
          })}
        </span>
        {marks.map((mark) => (
          <span className="legend-mark" key={mark} style={{ left: `${share(mark) * 100}%` }}>
            {formatNumber(mark, language, 2)}
          </span>
        ))}
      </span>
    </div>
  )
}
