import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'

interface VectorProps {
  readonly label: string
  readonly numbers: Float32Array
  /** The number that takes the whole height. */
  readonly most: number
}

const HEIGHT = 28
/** Room for all bars, where they are not too thin or too thick for it; in pixels. */
const ROOM = 320

/** A vector as bars above and below a line. */
export function Vector({ label, numbers, most }: VectorProps) {
  const { t, language } = useWords()
  const bar = Math.max(2, Math.min(10, Math.floor(ROOM / numbers.length)))
  const width = numbers.length * bar
  const spans = { least: Math.min(...numbers), most: Math.max(...numbers) }
  const said = t('inspect.tour.vector', {
    name: label,
    size: numbers.length,
    least: formatNumber(spans.least, language, 2),
    most: formatNumber(spans.most, language, 2),
  })
  const bars = Array.from(numbers, (number, i) => {
    const end = HEIGHT / 2 - (number / most) * (HEIGHT / 2 - 1)
    const x = (i + 0.5) * bar
    return `M${x} ${HEIGHT / 2}L${x} ${Math.round(end * 100) / 100}`
  })
  return (
    <svg
      className="vector"
      role="img"
      aria-label={said}
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
    >
      <title>{said}</title>
      <path className="vector-line" d={`M0 ${HEIGHT / 2}L${width} ${HEIGHT / 2}`} />
      <path className="vector-bars" d={bars.join('')} strokeWidth={bar - 1} />
    </svg>
  )
}
