import { useCallback, useMemo, useState } from 'react'
import type { InspectedMaps } from '../../../index.ts'
import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { rampOf } from '../colour/ramps.ts'
import { type Cell, CellGrid } from '../figure/CellGrid.tsx'
import { Figure } from '../figure/Figure.tsx'
import { Legend } from '../figure/Legend.tsx'
import { NumberTable } from '../figure/NumberTable.tsx'
import { Plot } from '../figure/Plot.tsx'
import { usePalette } from '../figure/use-palette.ts'
import { useWidth } from '../figure/use-width.ts'
import { gridScene, layOutGrid, strongest } from './grid-scene.ts'
import type { HeadFacts } from './weights.ts'

interface HeadGridProps {
  readonly maps: InspectedMaps | undefined
  readonly facts: HeadFacts
  /** Positions that the maps cover. */
  readonly positions: number
  readonly chosen?: { readonly layer: number; readonly head: number } | undefined
  readonly onChoose: (layer: number, head: number) => void
  readonly number?: number
}

/** Every head of every layer as a small map. */
export function HeadGrid({ maps, facts, positions, chosen, onChoose, number }: HeadGridProps) {
  const { t, language } = useWords()
  const palette = usePalette()
  const [box, setBox] = useState<HTMLDivElement | null>(null)
  const width = useWidth(box)
  const [active, setActive] = useState<Cell>()
  const layout = useMemo(() => layOutGrid(facts, width), [facts, width])
  const scene = useMemo(() => {
    const ramp = rampOf('attention', palette.theme)
    const axes = { layers: t('inspect.grid.layers'), heads: t('inspect.grid.heads') }
    return maps && width > 0 && gridScene(maps, layout, facts, ramp, palette, devicePixelRatio, chosen, axes)
  }, [maps, layout, facts, palette, width, chosen, t])

  const range = useCallback(
    (cell: number, size: number) => {
      const [from, to] = [Math.floor((cell * positions) / size), Math.ceil(((cell + 1) * positions) / size) - 1]
      return to > from ? `${from}–${to}` : String(from)
    },
    [positions],
  )
  const mapOf = (layer: number, head: number) => maps?.maps.find((map) => map.layer === layer && map.head === head)
  const sharers = (head: number) => {
    const size = facts.heads / facts.kvHeads
    const first = Math.floor(head / size) * size
    return size > 1 && facts.kvHeads > 0 ? { first, last: first + size - 1 } : undefined
  }
  const says = ({ row: layer, column: head }: Cell) => {
    const map = mapOf(layer, head)
    const name = t('inspect.head', { layer, head })
    const shared = sharers(head)
    const sharing = shared ? ` ${t('inspect.grid.shares', shared)}` : ''
    if (!map || !maps) return `${name}. ${t('inspect.grid.notLooked')}${sharing}`
    const { weight, row, column } = strongest(map.cells, maps.size)
    const number = formatNumber(weight, language, 2)
    const words = { weight: number, query: range(row, maps.size), key: range(column, maps.size) }
    return `${name}. ${t('inspect.grid.strongest', words)}${sharing}`
  }
  const table = () => (
    <NumberTable
      caption={t('inspect.grid.tableCaption')}
      columns={[
        t('inspect.column.head'),
        t('inspect.column.weight'),
        t('inspect.column.query'),
        t('inspect.column.key'),
      ]}
      rows={(maps?.maps ?? []).map(({ layer, head, cells }) => {
        const { weight, row, column } = strongest(cells, maps!.size)
        const at = [range(row, maps!.size), range(column, maps!.size)] as const
        return [t('inspect.head', { layer, head }), formatNumber(weight, language, 3), ...at]
      })}
    />
  )
  return (
    <Figure
      name="attention-heads"
      title={t('inspect.grid.title')}
      number={number}
      caption={t(
        facts.kvHeads < facts.heads && facts.kvHeads > 1 ? 'inspect.grid.captionGrouped' : 'inspect.grid.caption',
      )}
      empty={!maps && t('inspect.grid.empty')}
      numbers={() => ({ ...facts, positions, ...maps })}
      table={table}
    >
      <div className="scroll-frame" ref={setBox} data-scrolls="">
        {scene && (
          <CellGrid
            label={t('inspect.grid.label', { layers: facts.layers, heads: facts.heads })}
            rows={facts.layers}
            columns={facts.heads}
            active={active}
            onActive={setActive}
            onPress={({ row, column }) => onChoose(row, column)}
            boxOf={({ row, column }) => layout.boxOf(row, column)}
            cellAt={layout.at}
            says={says}
            isPressed={({ row, column }) => row === chosen?.layer && column === chosen.head}
          >
            <Plot scene={scene} />
          </CellGrid>
        )}
      </div>
      <p className="figure-reading" aria-hidden="true">
        {active ? says(active) : t('inspect.grid.hint')}
      </p>
      <Legend ramp="attention" />
    </Figure>
  )
}
