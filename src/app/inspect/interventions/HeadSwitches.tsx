import { type KeyboardEvent, useMemo, useState } from 'react'
import type { Interventions } from '../../../index.ts'
import { formatNumber } from '../../i18n/format.ts'
import { useWords } from '../../i18n/index.ts'
import { NumberInput } from '../../sampling/NumberInput.tsx'
import { type Cell, CellGrid } from '../figure/CellGrid.tsx'
import { Figure } from '../figure/Figure.tsx'
import { NumberTable } from '../figure/NumberTable.tsx'
import { Plot } from '../figure/Plot.tsx'
import { usePalette } from '../figure/use-palette.ts'
import { useWidth } from '../figure/use-width.ts'
import { factorOf, isChanged, MOST_FACTOR, SUBLAYERS, type Switch, toggled, withFactor } from './factors.ts'
import { layOutSwitches, switchScene } from './switch-scene.ts'

interface HeadSwitchesProps {
  /** How many of each the model has; 0 while none is loaded. */
  readonly layers: number
  readonly heads: number
  readonly interventions: Interventions
  readonly onChange: (interventions: Interventions) => void
  readonly number?: number
}

const STEP = 0.1
const NONE = {} as const

/** Heads and layers to switch off, or to scale. */
export function HeadSwitches({ layers, heads, interventions, onChange, number }: HeadSwitchesProps) {
  const { t, language } = useWords()
  const palette = usePalette()
  const [box, setBox] = useState<HTMLDivElement | null>(null)
  const width = useWidth(box)
  const [active, setActive] = useState<Cell>()
  const [chosen, setChosen] = useState<Switch>({ layer: 0, part: 0 })
  const layout = useMemo(() => layOutSwitches(layers, heads, width), [layers, heads, width])
  const scene = useMemo(() => {
    const parts = SUBLAYERS.map((part) => t(`inspect.switches.${part}`))
    const words = { layers: t('inspect.grid.layers'), heads: t('inspect.grid.heads'), parts }
    return switchScene(layout, interventions, palette, words, (factor) => formatNumber(factor, language, 2))
  }, [layout, interventions, palette, t, language])

  const nameOf = ({ layer, part }: Switch) =>
    typeof part === 'number' ? t('inspect.head', { layer, head: part }) : t(`inspect.switches.${part}Of`, { layer })
  const says = (at: Switch) =>
    t('inspect.switches.reading', {
      name: nameOf(at),
      factor: formatNumber(factorOf(interventions, at), language, 2),
    })
  const switchAt = ({ row, column }: Cell) => layout.switchAt(row, column)
  const set = (at: Switch, factor: number) => onChange(withFactor(interventions, at, factor))
  const onKey = ({ key, ctrlKey, metaKey }: KeyboardEvent, cell: Cell | undefined): boolean => {
    const by = { '+': STEP, '=': STEP, '-': -STEP }[key]
    if (!cell || by === undefined || ctrlKey || metaKey) return false
    const at = switchAt(cell)
    setChosen(at)
    set(at, factorOf(interventions, at) + by)
    return true
  }
  const factor = factorOf(interventions, chosen)
  const changes = Object.entries({ ...interventions.layers, ...interventions.heads })
  return (
    <Figure
      name="interventions"
      title={t('inspect.switches.title')}
      number={number}
      caption={t('inspect.switches.caption')}
      empty={layers === 0 && t('inspect.switches.empty')}
      numbers={() => interventions}
      table={() => (
        <NumberTable
          caption={t(changes.length > 0 ? 'inspect.switches.tableCaption' : 'inspect.switches.unchanged')}
          columns={[t('inspect.switches.what'), t('inspect.switches.factor')]}
          rows={changes.map(([name, value]) => [name, formatNumber(value, language, 2)])}
        />
      )}
    >
      <div className="figure-tools" data-unsaved="">
        <span>{nameOf(chosen)}</span>
        <input
          className="factor-slider"
          type="range"
          aria-label={t('inspect.switches.factorOf', { name: nameOf(chosen) })}
          min={0}
          max={MOST_FACTOR}
          step={STEP / 2}
          value={factor}
          onChange={({ currentTarget }) => set(chosen, currentTarget.valueAsNumber)}
        />
        <NumberInput label={t('inspect.switches.typed')} value={factor} onChange={(typed) => set(chosen, typed)} />
        <button
          className="small-button"
          type="button"
          aria-disabled={!isChanged(interventions) || undefined}
          onClick={() => onChange(NONE)}
        >
          {t('inspect.switches.reset')}
        </button>
      </div>
      <div className="scroll-frame" ref={setBox} data-scrolls="">
        {width > 0 && (
          <CellGrid
            label={t('inspect.switches.label')}
            rows={layout.rows}
            columns={layout.columns}
            active={active}
            onActive={setActive}
            onPress={(cell) => {
              setChosen(switchAt(cell))
              onChange(toggled(interventions, switchAt(cell)))
            }}
            boxOf={({ row, column }) => layout.boxOf(row, column)}
            cellAt={layout.cellAt}
            says={(cell) => says(switchAt(cell))}
            isPressed={(cell) => factorOf(interventions, switchAt(cell)) !== 1}
            onKey={onKey}
          >
            <Plot scene={scene} />
          </CellGrid>
        )}
      </div>
      <p className="figure-reading" aria-hidden="true">
        {active ? says(switchAt(active)) : t('inspect.switches.hint')}
      </p>
    </Figure>
  )
}
