/** The margins of a figure with a row for each layer and a column for each head. */
import type { Mark } from './scene.ts'
import type { Palette } from './use-palette.ts'

/** Where cells begin. */
export const LEFT = 52
export const TOP = 34
const LABEL = 10.5

/** How numbers are written in the margins, and in cells. */
export const labelOf = ({ quiet, font }: Palette) => ({ kind: 'text', size: LABEL, fill: quiet, font }) as const

/** What the axes are of. */
export function axisNames(words: { readonly layers: string; readonly heads: string }, palette: Palette): Mark[] {
  const name = { ...labelOf(palette), fill: palette.ink, weight: '600' }
  return [
    { ...name, x: LEFT, y: LABEL, text: `${words.heads} →` },
    { ...name, x: LEFT - 7, y: TOP - 7, anchor: 'end', text: `${words.layers} ↓` },
  ]
}

/** At the top of a column whose middle is at `x`. */
export const columnLabel = (text: string, x: number, palette: Palette): Mark => ({
  ...labelOf(palette),
  anchor: 'middle',
  x,
  y: TOP - 7,
  text,
})

/** At the left of a row whose middle is at `y`. */
export const rowLabel = (text: string, y: number, palette: Palette): Mark => ({
  ...labelOf(palette),
  anchor: 'end',
  x: LEFT - 7,
  y: y + 4,
  text,
})
