/** All heads of all layers as small maps: one picture of device pixels. */

import type { InspectedMaps } from '../../../index.ts'
import { type Ramp, stepOf } from '../colour/ramps.ts'
import { SCALES } from '../colour/scales.ts'
import { axisNames, columnLabel, LEFT, rowLabel, TOP } from '../figure/layer-axes.ts'
import type { Mark, Rect, Scene } from '../figure/scene.ts'
import type { Palette } from '../figure/use-palette.ts'
import type { HeadFacts } from './weights.ts'

const GAP = 2
/** Between heads that share no keys and values. */
const GROUP_GAP = 10
const LEAST_TILE = 10
const MOST_TILE = 72

export interface GridLayout {
  readonly tile: number
  readonly boxOf: (layer: number, head: number) => Rect
  readonly at: (x: number, y: number) => { row: number; column: number } | undefined
  readonly width: number
  readonly height: number
}

/** Tiles as large as `width` allows, and never too small to see: a grid of many heads scrolls. */
export function layOutGrid({ layers, heads, kvHeads }: HeadFacts, width: number): GridLayout {
  const groupSize = heads / kvHeads
  const isGrouped = kvHeads > 1 && groupSize > 1
  const gaps = (heads - 1) * GAP + (isGrouped ? (kvHeads - 1) * GROUP_GAP : 0)
  const tile = Math.max(LEAST_TILE, Math.min(MOST_TILE, Math.floor((width - LEFT - gaps) / heads)))
  const left = (head: number) => LEFT + head * (tile + GAP) + (isGrouped ? Math.floor(head / groupSize) * GROUP_GAP : 0)
  const top = (layer: number) => TOP + layer * (tile + GAP)
  const find = (count: number, place: (i: number) => number, at: number) =>
    Array.from({ length: count }, (_, i) => i).find((i) => at >= place(i) && at < place(i) + tile + GAP)
  return {
    tile,
    boxOf: (layer, head) => ({ x: left(head), y: top(layer), width: tile, height: tile }),
    at: (x, y) => {
      const [row, column] = [find(layers, top, y), find(heads, left, x)]
      return row === undefined || column === undefined ? undefined : { row, column }
    },
    width: left(heads - 1) + tile,
    height: top(layers - 1) + tile,
  }
}

/** `scale`: device pixels for one of the layout. `chosen`: the head that is looked at. */
export function gridScene(
  { size, maps }: InspectedMaps,
  layout: GridLayout,
  facts: HeadFacts,
  ramp: Ramp,
  palette: Palette,
  scale: number,
  chosen: { readonly layer: number; readonly head: number } | undefined,
  axes: { readonly layers: string; readonly heads: string },
): Scene {
  const { width, height, tile, boxOf } = layout
  const columns = Math.round((width - LEFT) * scale)
  const rows = Math.round((height - TOP) * scale)
  const pixels = new Uint32Array(columns * rows)
  const side = Math.max(1, Math.round(tile * scale))
  const tables = { edges: edgesOf(size, side), steps: stepsOf(ramp) }
  for (const { layer, head, cells } of maps) {
    const { x, y } = boxOf(layer, head)
    const at = Math.round((y - TOP) * scale) * columns + Math.round((x - LEFT) * scale)
    drawTile(pixels, columns, at, cells, size, side, tables)
  }
  const marks: Mark[] = [
    { kind: 'cells', x: LEFT, y: TOP, width: width - LEFT, height: height - TOP, columns, rows, pixels },
    ...axisNames(axes, palette),
  ]
  const every = Math.max(1, Math.ceil(18 / (tile + GAP)))
  for (let head = 0; head < facts.heads; head += every) {
    marks.push(columnLabel(String(head), boxOf(0, head).x + tile / 2, palette))
  }
  for (let layer = 0; layer < facts.layers; layer += every) {
    marks.push(rowLabel(String(layer), boxOf(layer, 0).y + tile / 2, palette))
  }
  if (chosen) {
    const { ink, accent } = palette
    const { x, y } = boxOf(chosen.layer, chosen.head)
    const frame = (by: number) => ({ x: x - by, y: y - by, width: tile + 2 * by, height: tile + 2 * by })
    marks.push({ kind: 'rect', ...frame(1.5), stroke: ink, radius: 2 }, { kind: 'rect', ...frame(0.5), stroke: accent })
  }
  return { width: width + 2, height: height + 2, marks }
}

/** Where the cells of each of `side` pixels begin; one more for the end. */
const edgesOf = (size: number, side: number): Int32Array =>
  Int32Array.from({ length: side + 1 }, (_, i) => Math.floor((i * size) / side))

const RESOLUTION = 1024
/** Pixels by weight, so that a million cells need no square roots. */
const stepsOf = ({ pixels }: Ramp): Uint32Array =>
  Uint32Array.from({ length: RESOLUTION + 1 }, (_, i) => pixels[stepOf(SCALES.attention.share(i / RESOLUTION))]!)

interface Tables {
  readonly edges: Int32Array
  readonly steps: Uint32Array
}

/** Each pixel is the largest weight that it covers. Above the diagonal there is nothing. */
function drawTile(
  pixels: Uint32Array,
  stride: number,
  at: number,
  cells: Float32Array,
  size: number,
  side: number,
  { edges, steps }: Tables,
): void {
  for (let py = 0; py < side; py++) {
    const [fromRow, toRow] = [edges[py]!, Math.max(edges[py]! + 1, edges[py + 1]!)]
    for (let px = 0; px < side; px++) {
      const from = edges[px]!
      if (from >= toRow) break // masked, and so is the rest of the row
      const to = Math.max(from + 1, edges[px + 1]!)
      let most = 0
      for (let row = fromRow; row < toRow; row++) {
        for (let i = row * size + from; i < row * size + to; i++) if (cells[i]! > most) most = cells[i]!
      }
      pixels[at + py * stride + px] = steps[Math.round(Math.min(1, most) * RESOLUTION)]!
    }
  }
}

/** The largest weight of a pooled map, and the cell it is in. The first row can only be 1. */
export function strongest(cells: Float32Array, size: number): { weight: number; row: number; column: number } {
  let best = Math.min(size, cells.length - 1)
  for (let i = size; i < cells.length; i++) if (cells[i]! > cells[best]!) best = i
  return { weight: cells[best] ?? 0, row: Math.floor(best / size), column: best % size }
}
