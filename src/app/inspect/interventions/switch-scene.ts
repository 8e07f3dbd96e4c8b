import type { Interventions } from '../../../index.ts'
import { axisNames, columnLabel, LEFT, labelOf, rowLabel, TOP } from '../figure/layer-axes.ts'
import type { Rect, Scene } from '../figure/scene.ts'
import type { Palette } from '../figure/use-palette.ts'
import { factorOf, MOST_FACTOR, SUBLAYERS, type Switch } from './factors.ts'

const GAP = 3
/** Between heads and what the layer adds. */
const PART_GAP = 14
const PART_WIDTH = 44
const HEIGHT = 24

export interface SwitchLayout {
  readonly columns: number
  readonly rows: number
  readonly switchAt: (row: number, column: number) => Switch
  readonly boxOf: (row: number, column: number) => Rect
  readonly cellAt: (x: number, y: number) => { row: number; column: number } | undefined
  readonly width: number
  readonly height: number
}

export function layOutSwitches(layers: number, heads: number, width: number): SwitchLayout {
  const parts = SUBLAYERS.length * (PART_WIDTH + GAP) + PART_GAP
  const head = Math.max(24, Math.min(40, Math.floor((width - LEFT - parts) / heads) - GAP))
  const columns = heads + SUBLAYERS.length
  const partsLeft = LEFT + heads * (head + GAP) + PART_GAP
  const boxOf = (row: number, column: number): Rect => {
    const y = TOP + row * (HEIGHT + GAP)
    if (column < heads) return { x: LEFT + column * (head + GAP), y, width: head, height: HEIGHT }
    return { x: partsLeft + (column - heads) * (PART_WIDTH + GAP), y, width: PART_WIDTH, height: HEIGHT }
  }
  const isIn = (x: number, from: number, size: number) => x >= from && x < from + size + GAP
  return {
    columns,
    rows: layers,
    switchAt: (layer, column) => ({ layer, part: column < heads ? column : SUBLAYERS[column - heads]! }),
    boxOf,
    cellAt: (x, y) => {
      const row = Math.floor((y - TOP) / (HEIGHT + GAP))
      const column = Array.from({ length: columns }, (_, i) => i).find((i) => {
        const box = boxOf(0, i)
        return isIn(x, box.x, box.width)
      })
      return row >= 0 && row < layers && column !== undefined ? { row, column } : undefined
    },
    width: boxOf(0, columns - 1).x + PART_WIDTH + 2,
    height: TOP + layers * (HEIGHT + GAP),
  }
}

/** Each switch is filled as far as its factor says: half for 1, nothing and crossed out for 0. */
export function switchScene(
  layout: SwitchLayout,
  interventions: Interventions,
  palette: Palette,
  words: { readonly layers: string; readonly heads: string; readonly parts: readonly string[] },
  written: (factor: number) => string,
): Scene {
  const { ink, line, accent, accentSoft, paper } = palette
  const label = labelOf(palette)
  const marks = axisNames(words, palette)
  const heads = layout.columns - SUBLAYERS.length
  for (let column = 0; column < layout.columns; column++) {
    const { x, width } = layout.boxOf(0, column)
    const text = column < heads ? String(column) : (words.parts[column - heads] ?? '')
    marks.push(columnLabel(text, x + width / 2, palette))
  }
  for (let row = 0; row < layout.rows; row++) {
    marks.push(rowLabel(String(row), layout.boxOf(row, 0).y + HEIGHT / 2, palette))
    for (let column = 0; column < layout.columns; column++) {
      const box = layout.boxOf(row, column)
      const factor = factorOf(interventions, layout.switchAt(row, column))
      const isAsItWas = factor === 1
      marks.push({ kind: 'rect', ...box, radius: 3, fill: paper, stroke: isAsItWas ? line : accent })
      const height = (box.height - 2) * (factor / MOST_FACTOR)
      const y = box.y + box.height - 1 - height
      const inner = { x: box.x + 1, y, width: box.width - 2, height }
      if (factor > 0) marks.push({ kind: 'rect', ...inner, fill: isAsItWas ? line : accentSoft })
      if (isAsItWas) continue
      const [x, bottom] = [box.x + box.width / 2, box.y + box.height / 2 + 4]
      marks.push({ ...label, x, y: bottom, anchor: 'middle', fill: ink, weight: '700', text: written(factor) })
    }
  }
  return { width: layout.width, height: layout.height, marks }
}
