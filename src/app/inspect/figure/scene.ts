/** A drawing as a list of marks, in CSS pixels: painted on a canvas, or written as SVG. Later marks cover earlier ones. */

export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A grid of coloured cells. Pixels are RGBA, little-endian, row by row; 0 is nothing. */
export interface Cells extends Rect {
  readonly kind: 'cells'
  readonly columns: number
  readonly rows: number
  readonly pixels: Uint32Array
}

export type Mark =
  | (Rect & { readonly kind: 'rect'; readonly fill?: string; readonly stroke?: string; readonly radius?: number })
  | Cells
  | {
      readonly kind: 'text'
      readonly x: number
      readonly y: number
      readonly text: string
      readonly size: number
      readonly fill: string
      readonly font: string
      readonly weight?: string
      readonly anchor?: 'start' | 'middle' | 'end'
      /** Degrees, clockwise around (x, y). */
      readonly turn?: number
    }
  | {
      readonly kind: 'path'
      /** As in SVG. */
      readonly d: string
      readonly fill?: string
      readonly stroke?: string
      readonly width?: number
      readonly opacity?: number
    }
  /** Lines within an outline: what cannot be. */
  | { readonly kind: 'hatch'; readonly outline: string; readonly within: Rect; readonly stroke: string }

export interface Scene {
  readonly width: number
  readonly height: number
  readonly marks: readonly Mark[]
}

const HATCH_SPACING = 7

/** The lines of a hatch, before they are cut by its outline: an SVG path from lower left to upper right. */
export function hatchLines({ x, y, width, height }: Rect): string {
  let d = ''
  for (let at = HATCH_SPACING; at < width + height; at += HATCH_SPACING) {
    const [fromX, toX] = [Math.max(0, at - height), Math.min(at, width)]
    d += `M${x + fromX} ${y + at - fromX}L${x + toX} ${y + at - toX}`
  }
  return d
}

/** A path moved by (dx, dy): of absolute commands that take points only: M, L, C, Q and Z. */
export function movedPath(d: string, dx: number, dy: number): string {
  let isX = false
  return d.replace(/-?\d+(\.\d+)?/g, (number) => {
    isX = !isX
    return String(Math.round((Number(number) + (isX ? dx : dy)) * 100) / 100)
  })
}
