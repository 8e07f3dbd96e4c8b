import { type KeyboardEvent, useMemo, useState } from 'react'
import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { rampOf } from '../colour/ramps.ts'
import { type Cell, CellGrid } from '../figure/CellGrid.tsx'
import { Figure } from '../figure/Figure.tsx'
import { Legend } from '../figure/Legend.tsx'
import { Plot } from '../figure/Plot.tsx'
import { usePalette } from '../figure/use-palette.ts'
import { useWidth } from '../figure/use-width.ts'
import { labelsOf, type ShownToken } from '../tokens/units.ts'
import { cellBox, heatScene, LEFT, RIGHT, TOP } from './heat-scene.ts'
import { type Plane, revealing, zoomed } from './heat-view.ts'
import { createPyramid } from './pyramid.ts'
import { RowTable } from './RowTable.tsx'
import { useHeatView } from './use-heat-view.ts'
import { type HeadWeights, sinkShare } from './weights.ts'

interface HeatMapProps {
  readonly weights: HeadWeights | undefined
  readonly tokens: readonly ShownToken[]
  /** How far back the layer sees. */
  readonly window?: number | undefined
  /** The position that is pointed at, here or elsewhere. */
  readonly pointed?: number | undefined
  readonly onPoint?: ((position: number | undefined) => void) | undefined
  readonly number?: number
}

const STEP = 1.5

/** One head: what each token attends to. */
export function HeatMap({ weights, tokens, window, pointed, onPoint, number }: HeatMapProps) {
  const { t, language } = useWords()
  const palette = usePalette()
  const [frame, setFrame] = useState<HTMLDivElement | null>(null)
  const width = useWidth(frame)
  const [active, setActive] = useState<Cell>()
  const positions = weights?.rows.length ?? 0
  const plane = useMemo<Plane>(() => {
    const side = Math.max(1, width - LEFT - RIGHT)
    return { positions, width: side, height: Math.min(side, positions * 44) }
  }, [positions, width])
  const { view, isWhole, change, showAll } = useHeatView(frame, plane, () => setActive(undefined))
  const labels = useMemo(() => labelsOf(tokens), [tokens])
  const axes = useMemo(() => ({ query: t('inspect.heat.query'), key: t('inspect.heat.key') }), [t])
  const rows = weights?.rows
  const [pyramid] = useState(createPyramid)
  const scene = useMemo(() => {
    if (!rows || width === 0) return undefined
    const cross = active && { query: active.row, key: active.column }
    const picture = { rows, pyramid, labels, window, view, plane, pointed: cross, token: pointed, axes }
    return heatScene(picture, rampOf('attention', palette.theme), palette, devicePixelRatio)
  }, [rows, pyramid, labels, window, view, plane, active, pointed, axes, palette, width])

  const point = (cell: Cell | undefined) => {
    setActive(cell)
    onPoint?.(cell?.row)
    if (cell && !isWhole) change(revealing(view, cell.row, cell.column, plane))
  }
  const says = ({ row: query, column: key }: Cell) => {
    const pair = { query: labels[query] ?? '', key: labels[key] ?? '', queryAt: query, keyAt: key }
    const row = rows?.[query]
    if (key > query) return t('inspect.heat.masked', pair)
    if (window !== undefined && key <= query - window) return t('inspect.heat.beyond', { ...pair, window })
    if (!row) return t('inspect.heat.notLooked', pair)
    const words = t('inspect.heat.weight', { ...pair, weight: formatNumber(row[key]!, language, 3) })
    const sink = sinkShare(row)
    return sink > 0 ? `${words} ${t('inspect.heat.sink', { share: formatNumber(sink, language, 3) })}` : words
  }
  const zoom = (factor: number) => {
    const box = active && cellBox(view, active.row, active.column)
    const [x, y] = box
      ? [box.x - LEFT + box.width / 2, box.y - TOP + box.height / 2]
      : [plane.width / 2, plane.height / 2]
    change(zoomed(view, factor, x, y, plane))
  }
  const onKey = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean => {
    if (ctrlKey || metaKey) return false
    if (key === '+' || key === '=') zoom(STEP)
    else if (key === '-') zoom(1 / STEP)
    else if (key === '0') showAll()
    else return false
    return true
  }
  const cellAt = (x: number, y: number): Cell | undefined => {
    const [row, column] = [
      Math.floor(view.query + (y - TOP) / view.cell),
      Math.floor(view.key + (x - LEFT) / view.cell),
    ]
    const isInside = x >= LEFT && y >= TOP && row < positions && column < positions
    return isInside ? { row, column } : undefined
  }
  return (
    <Figure
      name={weights ? `attention-${weights.layer}.${weights.head}` : 'attention'}
      title={
        weights ? t('inspect.heat.titleOf', { layer: weights.layer, head: weights.head }) : t('inspect.heat.title')
      }
      number={number}
      caption={t('inspect.heat.caption')}
      empty={positions === 0 && t('inspect.heat.empty')}
      numbers={() => ({ ...weights, window, tokens })}
      table={() => <RowTable rows={rows ?? []} labels={labels} from={active?.row ?? pointed ?? positions - 1} />}
    >
      <div className="figure-tools" data-unsaved="">
        <button className="small-button" type="button" aria-label={t('inspect.heat.closer')} onClick={() => zoom(STEP)}>
          +
        </button>
        <button
          className="small-button"
          type="button"
          aria-label={t('inspect.heat.further')}
          aria-disabled={isWhole || undefined}
          onClick={() => zoom(1 / STEP)}
        >
          −
        </button>
        <button className="small-button" type="button" aria-disabled={isWhole || undefined} onClick={showAll}>
          {t('inspect.heat.all')}
        </button>
      </div>
      <div className="heat-frame" ref={setFrame} data-zoomed={!isWhole || undefined}>
        {scene && (
          <CellGrid
            label={t('inspect.heat.label', { positions })}
            rows={positions}
            columns={positions}
            active={active}
            onActive={point}
            boxOf={({ row, column }) => cellBox(view, row, column)}
            cellAt={cellAt}
            says={says}
            onKey={onKey}
          >
            <Plot scene={scene} />
          </CellGrid>
        )}
      </div>
      <p className="figure-reading" aria-hidden="true">
        {active ? says(active) : t('inspect.heat.hint')}
      </p>
      <Legend ramp="attention" />
    </Figure>
  )
}
