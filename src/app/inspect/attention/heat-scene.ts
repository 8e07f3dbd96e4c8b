/** One head enlarged: queries down, keys across, tokens on both axes. */
import { type Ramp, stepOf } from '../colour/ramps.ts'
import { SCALES } from '../colour/scales.ts'
import type { Mark, Rect, Scene } from '../figure/scene.ts'
import type { Palette } from '../figure/use-palette.ts'
import type { Plane, View } from './heat-view.ts'
import type { Pyramid } from './pyramid.ts'
import type { HeadWeights } from './weights.ts'

export const LEFT = 84
export const TOP = 78
/** For the last slanted label. */
export const RIGHT = 28
const LABEL = 11
/** Below this a cell is too small for a token: numbers of positions stand in. */
const READABLE_CELL = 11
const LONGEST_LABEL = 11

export interface HeatPicture {
  readonly rows: HeadWeights['rows']
  readonly pyramid: Pyramid
  readonly labels: readonly string[]
  /** How far back the layer sees. */
  readonly window?: number | undefined
  readonly view: View
  readonly plane: Plane
  /** The cell whose cross is drawn. */
  readonly pointed?: { readonly query: number; readonly key: number } | undefined
  /** A position that is pointed at elsewhere. */
  readonly token?: number | undefined
  readonly axes: { readonly query: string; readonly key: string }
}

export function heatScene(picture: HeatPicture, ramp: Ramp, palette: Palette, scale: number): Scene {
  const { view, plane } = picture
  const size = { width: LEFT + plane.width + RIGHT, height: TOP + plane.height + 1 }
  const shown = shownCells(view, plane)
  return {
    ...size,
    marks: [
      cellsOf(picture, shown, ramp, scale),
      ...masks(picture, shown, palette),
      ...cross(picture, palette),
      // The margins lie over cells that are seen in part.
      { kind: 'rect', x: 0, y: 0, width: size.width, height: TOP, fill: palette.paper },
      { kind: 'rect', x: 0, y: 0, width: LEFT, height: size.height, fill: palette.paper },
      { kind: 'rect', x: LEFT + plane.width, y: 0, width: RIGHT, height: size.height, fill: palette.paper },
      ...axis(picture, shown, palette),
      { kind: 'rect', x: LEFT - 0.5, y: TOP - 0.5, ...drawnSize(view, plane), stroke: palette.line },
    ],
  }
}

/** The part of the plane that cells take. */
function drawnSize({ cell }: View, { positions, width, height }: Plane): { width: number; height: number } {
  return { width: Math.min(width, positions * cell), height: Math.min(height, positions * cell) }
}

/** Where a cell is drawn. */
export const cellBox = ({ cell, key, query }: View, atQuery: number, atKey: number): Rect => ({
  x: LEFT + (atKey - key) * cell,
  y: TOP + (atQuery - query) * cell,
  width: cell,
  height: cell,
})

interface Shown {
  readonly keys: readonly [from: number, to: number]
  readonly queries: readonly [from: number, to: number]
}

function shownCells({ cell, key, query }: View, { positions, width, height }: Plane): Shown {
  const range = (from: number, size: number) =>
    [Math.floor(from), Math.min(positions, Math.ceil(from + size / cell))] as const
  return { keys: range(key, width), queries: range(query, height) }
}

/** Where cells are smaller than a pixel of the screen, each shows the largest of several. */
function cellsOf(
  { rows, pyramid, view }: HeatPicture,
  { keys, queries }: Shown,
  { pixels }: Ramp,
  scale: number,
): Mark {
  const factor = 2 ** Math.max(0, Math.ceil(Math.log2(1 / (view.cell * scale))))
  const drawn = pyramid(rows, factor)
  const [fromKey, fromQuery] = [Math.floor(keys[0] / factor), Math.floor(queries[0] / factor)]
  const columns = Math.max(1, Math.ceil(keys[1] / factor) - fromKey)
  const height = Math.max(1, Math.ceil(queries[1] / factor) - fromQuery)
  const colours = new Uint32Array(columns * height)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < columns; column++) {
      const weight = drawn[fromQuery + row]?.[fromKey + column]
      if (weight !== undefined) colours[row * columns + column] = pixels[stepOf(SCALES.attention.share(weight))]!
    }
  }
  const { x, y } = cellBox(view, fromQuery * factor, fromKey * factor)
  const size = { width: columns * factor * view.cell, height: height * factor * view.cell }
  return { kind: 'cells', x, y, ...size, columns, rows: height, pixels: colours }
}

/** What lies in the future, and what a window has left behind. */
function masks(picture: HeatPicture, shown: Shown, { line }: Palette): Mark[] {
  const { view, plane, window } = picture
  const within = { x: LEFT, y: TOP, ...drawnSize(view, plane) }
  const hatch = (outline: string): Mark => ({ kind: 'hatch', outline, within, stroke: line })
  const future = hatch(staircase(picture, shown, (query) => query + 1, plane.positions))
  return window === undefined ? [future] : [future, hatch(staircase(picture, shown, (query) => query + 1 - window, 0))]
}

/** The outline between a step for each row and the column `edge`. Rows too small to see are taken together. */
function staircase({ view }: HeatPicture, { queries }: Shown, step: (query: number) => number, edge: number): string {
  const rows = Math.max(1, Math.floor(1 / view.cell))
  const points: [number, number][] = []
  for (let query = queries[0]; query < queries[1]; query += rows) {
    const x = cellBox(view, 0, Math.max(0, step(query))).x
    points.push([x, cellBox(view, query, 0).y], [x, cellBox(view, query + rows, 0).y])
  }
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return ''
  const far = cellBox(view, 0, edge).x
  return `M${[[far, first[1]], ...points, [far, last[1]]].map(([x, y]) => `${x} ${y}`).join('L')}Z`
}

/** The row and the column of the cell that is pointed at. */
function cross({ view, plane, pointed, token }: HeatPicture, { accent }: Palette): Mark[] {
  const { width, height } = drawnSize(view, plane)
  const least = Math.max(view.cell, 1.5)
  const row = (query: number): Mark => {
    const { y } = cellBox(view, query, 0)
    return {
      kind: 'path',
      d: `M${LEFT} ${y}L${LEFT + width} ${y}M${LEFT} ${y + least}L${LEFT + width} ${y + least}`,
      stroke: accent,
    }
  }
  const column = (key: number): Mark => {
    const { x } = cellBox(view, 0, key)
    return {
      kind: 'path',
      d: `M${x} ${TOP}L${x} ${TOP + height}M${x + least} ${TOP}L${x + least} ${TOP + height}`,
      stroke: accent,
    }
  }
  if (pointed) return [row(pointed.query), column(pointed.key)]
  return token === undefined ? [] : [row(token), column(token)]
}

function axis({ labels, view, pointed, token, axes }: HeatPicture, shown: Shown, palette: Palette): Mark[] {
  const { cell } = view
  const marks: Mark[] = []
  const every = cell >= READABLE_CELL ? 1 : niceStep(34 / cell)
  const written = (position: number) => (cell >= READABLE_CELL ? shortened(labels[position] ?? '') : String(position))
  const text = (position: number, isPointed: boolean) =>
    ({
      kind: 'text',
      size: LABEL,
      font: palette.font,
      fill: isPointed ? palette.ink : palette.quiet,
      weight: isPointed ? '700' : '400',
      text: written(position),
    }) as const
  const first = ([from]: readonly [number, number]) => Math.ceil(from / every) * every
  for (let query = first(shown.queries); query < shown.queries[1]; query += every) {
    const y = cellBox(view, query, 0).y + cell / 2 + LABEL * 0.35
    if (y < TOP + 4) continue
    const isPointed = query === (pointed?.query ?? token)
    marks.push({ ...text(query, isPointed), x: LEFT - 7, y, anchor: 'end' })
  }
  for (let key = first(shown.keys); key < shown.keys[1]; key += every) {
    const x = cellBox(view, 0, key).x + cell / 2
    if (x < LEFT - 1) continue
    const isPointed = key === (pointed?.key ?? token)
    marks.push({ ...text(key, isPointed), x: x + LABEL * 0.3, y: TOP - 6, turn: -60 })
  }
  const name = { kind: 'text', size: LABEL, font: palette.font, fill: palette.ink, weight: '600' } as const
  marks.push({ ...name, x: LEFT - 7, y: TOP - 26, anchor: 'end', text: `${axes.key} →` })
  marks.push({ ...name, x: LEFT - 7, y: TOP - 8, anchor: 'end', text: `${axes.query} ↓` })
  return marks
}

const shortened = (text: string): string => {
  const characters = [...text]
  return characters.length > LONGEST_LABEL ? `${characters.slice(0, LONGEST_LABEL - 1).join('')}…` : text
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return [1, 2, 5, 10].map((by) => by * power).find((step) => step >= least) ?? 10 * power
}
