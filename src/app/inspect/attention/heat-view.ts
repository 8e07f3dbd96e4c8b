/** Which part of a map is seen, and how large. */

/** The size of a cell, and the position at the upper left corner, in cells; the same for queries and keys' axes. */
export interface View {
  readonly cell: number
  readonly key: number
  readonly query: number
}

export interface Plane {
  /** Positions on each axis. */
  readonly positions: number
  /** What they are drawn on, in pixels. */
  readonly width: number
  readonly height: number
}

export const LARGEST_CELL = 44

/** All of it. */
export const fitted = ({ positions, width, height }: Plane): View => ({
  cell: Math.min(LARGEST_CELL, Math.min(width, height) / Math.max(1, positions)),
  key: 0,
  query: 0,
})

/** The nearest view that shows no more than there is. */
export function bounded(view: View, plane: Plane): View {
  const cell = Math.max(fitted(plane).cell, Math.min(LARGEST_CELL, view.cell))
  const within = (from: number, size: number) => Math.max(0, Math.min(plane.positions - size / cell, from))
  return { cell, key: within(view.key, plane.width), query: within(view.query, plane.height) }
}

/** `factor` times as large, with what is at (x, y) pixels staying there. */
export function zoomed({ cell, key, query }: View, factor: number, x: number, y: number, plane: Plane): View {
  const next = Math.max(fitted(plane).cell, Math.min(LARGEST_CELL, cell * factor))
  return bounded({ cell: next, key: key + x / cell - x / next, query: query + y / cell - y / next }, plane)
}

export const panned = ({ cell, key, query }: View, dx: number, dy: number, plane: Plane): View =>
  bounded({ cell, key: key + dx / cell, query: query + dy / cell }, plane)

/** Moved as little as needed for a cell to be seen whole. */
export function revealing(view: View, query: number, key: number, plane: Plane): View {
  const shown = (from: number, at: number, size: number) => Math.min(at, Math.max(from, at + 1 - size / view.cell))
  const next = { ...view, key: shown(view.key, key, plane.width), query: shown(view.query, query, plane.height) }
  return bounded(next, plane)
}
