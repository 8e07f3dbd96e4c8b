import { type KeyboardEvent, useLayoutEffect, useMemo, useState } from 'react'
import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { rampOf } from '../colour/ramps.ts'
import { colourOf } from '../colour/scales.ts'
import { Figure } from '../figure/Figure.tsx'
import { Legend } from '../figure/Legend.tsx'
import type { Rect } from '../figure/scene.ts'
import { useTheme } from '../figure/use-palette.ts'
import { useWidth } from '../figure/use-width.ts'
import { labelsOf, type ShownToken, visible } from '../tokens/units.ts'
import { arcPath, arcWidth } from './arcs-geometry.ts'
import { RowTable } from './RowTable.tsx'
import { type HeadWeights, meanRows, sinkShare } from './weights.ts'

/** Whose weights are drawn. */
export const ARC_SOURCES = ['head', 'layer', 'all'] as const
export type ArcSource = (typeof ARC_SOURCES)[number]

interface ArcsProps {
  readonly tokens: readonly ShownToken[]
  /** The position of the first of `tokens`, where they are a part of the text. */
  readonly from?: number
  /** Heads whose weights are known; the chosen one among them. */
  readonly heads: readonly HeadWeights[]
  readonly chosen: { readonly layer: number; readonly head: number }
  readonly source: ArcSource
  readonly onSource: (source: ArcSource) => void
  /** The token whose arcs are drawn; absent: the last. */
  readonly token?: number | undefined
  readonly onToken: (position: number) => void
  readonly number?: number
}

/** Over the text itself: from a token to those it attends to. */
export function Arcs({ tokens, from = 0, heads, chosen, source, onSource, token, onToken, number }: ArcsProps) {
  const { t, language } = useWords()
  const [threshold, setThreshold] = useState(0.05)
  const labels = useMemo(() => labelsOf(tokens), [tokens])
  const rows = useMemo(() => {
    const { layer, head } = chosen
    const meant = heads.filter(
      (one) => source === 'all' || (one.layer === layer && (source === 'layer' || one.head === head)),
    )
    return meant.length === 1 ? meant[0]!.rows : meanRows(meant)
  }, [heads, chosen, source])
  const last = from + tokens.length - 1
  const query = Math.max(from, Math.min(token ?? last, last))
  const asked = labels[query - from] ?? ''
  const row = rows[query]
  const sink = row ? sinkShare(row) : 0
  const shown = useMemo(
    () => Array.from(row ?? [], (weight, key) => ({ weight, key })).filter(({ weight }) => weight >= threshold),
    [row, threshold],
  )
  const covered = formatNumber(
    shown.reduce((sum, { weight }) => sum + weight, 0),
    language,
    2,
  )
  return (
    <Figure
      name="attention-arcs"
      title={t('inspect.arcs.title')}
      number={number}
      caption={t('inspect.arcs.caption')}
      empty={heads.length === 0 && t('inspect.arcs.empty')}
      numbers={() => ({ source, ...(source !== 'all' && chosen), query, tokens, weights: row })}
      table={() => <RowTable key={query} rows={rows} labels={labels} first={from} from={query} />}
    >
      <div className="figure-tools" data-unsaved="">
        <label className="figure-choice">
          {t('inspect.arcs.of')}
          <select value={source} onChange={({ currentTarget }) => onSource(ARC_SOURCES[currentTarget.selectedIndex]!)}>
            {ARC_SOURCES.map((each) => (
              <option key={each} value={each}>
                {t(`inspect.arcs.${each}`, chosen)}
              </option>
            ))}
          </select>
        </label>
        <label className="figure-choice">
          {t('inspect.arcs.threshold')}
          <input
            type="range"
            min={0}
            max={0.5}
            step={0.01}
            value={threshold}
            onChange={({ currentTarget }) => setThreshold(currentTarget.valueAsNumber)}
          />
          <span className="figure-number">{formatNumber(threshold, language, 2)}</span>
        </label>
      </div>
      <ArcText tokens={tokens} first={from} labels={labels} query={query} row={row} shown={shown} onToken={onToken} />
      <p className="figure-reading" role="status">
        {row
          ? t('inspect.arcs.reading', { token: asked, position: query, count: shown.length, covered })
          : t('inspect.heat.notLooked', { query: asked, queryAt: query, key: '', keyAt: '' })}
        {sink > 0 && ` ${t('inspect.heat.sink', { share: formatNumber(sink, language, 3) })}`}
      </p>
      <Legend ramp="attention" />
    </Figure>
  )
}

interface ArcTextProps {
  readonly tokens: readonly ShownToken[]
  /** The position of the first of them. */
  readonly first: number
  readonly labels: readonly string[]
  readonly query: number
  readonly row: Float32Array | undefined
  readonly shown: readonly { readonly weight: number; readonly key: number }[]
  readonly onToken: (position: number) => void
}

function ArcText({ tokens, first, labels, query, row, shown, onToken }: ArcTextProps) {
  const { t, language } = useWords()
  const ramp = rampOf('attention', useTheme())
  const [text, setText] = useState<HTMLDivElement | null>(null)
  const width = useWidth(text)
  const [boxes, setBoxes] = useState<ReadonlyMap<number, Rect>>(new Map())
  useLayoutEffect(() => {
    const frame = text?.getBoundingClientRect()
    if (!text || !frame || width === 0) return
    const places = new Map<number, Rect>()
    // Only where arcs begin and end: reading the place of every token would cost more than drawing them.
    for (const position of [query, ...shown.map(({ key }) => key)]) {
      const box = text.children[position - first]?.getBoundingClientRect()
      if (box) places.set(position, { x: box.x - frame.x, y: box.y - frame.y, width: box.width, height: box.height })
    }
    setBoxes((before) => (isSame(before, places) ? before : places))
  }, [text, width, first, query, shown])

  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key]
    const last = first + tokens.length - 1
    const to = event.key === 'Home' ? first : event.key === 'End' ? last : by && query + by
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    onToken(Math.max(0, Math.min(last, to)))
  }
  const from = boxes.get(query)
  return (
    <div className="arc-frame">
      <div
        className="arc-text"
        ref={setText}
        role="listbox"
        tabIndex={0}
        aria-label={t('inspect.arcs.label')}
        aria-activedescendant={`arc-token-${query}`}
        onKeyDown={onKeyDown}
        onClick={({ target, currentTarget }) => {
          currentTarget.focus({ preventScroll: true })
          const position = target instanceof HTMLElement && target.dataset['position']
          if (position) onToken(Number(position))
        }}
      >
        {tokens.map(({ text: words }, i) => {
          const position = first + i
          const weight = row?.[position]
          const said = weight === undefined ? labels[i] : `${labels[i]}: ${formatNumber(weight, language, 3)}`
          return (
            <span
              className="arc-token"
              key={position}
              id={`arc-token-${position}`}
              role="option"
              tabIndex={-1}
              aria-selected={position === query}
              aria-label={said}
              title={said}
              data-position={position}
              data-chosen={position === query || undefined}
            >
              {words ? visible(words) : labels[i]}
              <span
                className="arc-weight"
                style={{
                  background:
                    position <= query && weight !== undefined ? colourOf(ramp, 'attention', weight) : undefined,
                }}
              />
            </span>
          )
        })}
      </div>
      <svg className="arc-lines" aria-hidden="true">
        {from &&
          shown.map(({ key, weight }) => {
            const to = boxes.get(key)
            return (
              to &&
              key !== query && (
                <path
                  key={key}
                  d={arcPath(from, to)}
                  fill="none"
                  stroke="currentColor"
                  strokeWidth={arcWidth(weight)}
                  opacity={0.3 + 0.7 * weight}
                />
              )
            )
          })}
      </svg>
    </div>
  )
}

const isSame = (one: ReadonlyMap<number, Rect>, other: ReadonlyMap<number, Rect>): boolean =>
  one.size === other.size &&
  [...one].every(([position, { x, y, width }]) => {
    const box = other.get(position)
    return box?.x === x && box.y === y && box.width === width
  })
