import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bounded, fitted, LARGEST_CELL, panned, revealing, type View, zoomed } from './heat-view.ts'

const PLANE = { positions: 2000, width: 400, height: 300 }

it('shows all at first, and cells no larger than a hand needs', () => {
  expect(fitted(PLANE)).toEqual({ cell: 0.15, key: 0, query: 0 })
  expect(fitted({ ...PLANE, positions: 3 }).cell).toBe(LARGEST_CELL)
  expect(fitted({ ...PLANE, positions: 0 }).cell).toBe(LARGEST_CELL)
})

it('keeps in place what is zoomed at', () => {
  const view = { cell: 1, key: 700, query: 800 }
  expect(zoomed(view, 2, 100, 50, PLANE)).toEqual({ cell: 2, key: 750, query: 825 })
  expect(zoomed(zoomed(view, 2, 100, 50, PLANE), 0.5, 100, 50, PLANE)).toEqual(view)
  expect(zoomed(view, 1e9, 0, 0, PLANE).cell).toBe(LARGEST_CELL)
  expect(zoomed(view, 0, 0, 0, PLANE)).toEqual(fitted(PLANE))
})

it('never leaves the map', () => {
  const view: fc.Arbitrary<View> = fc.record({
    cell: fc.double({ min: 0.2, max: 40, noNaN: true }),
    key: fc.double({ min: 0, max: 2000, noNaN: true }),
    query: fc.double({ min: 0, max: 2000, noNaN: true }),
  })
  const by = fc.integer({ min: -5000, max: 5000 })
  fc.assert(
    fc.property(view, by, by, (from, dx, dy) => {
      const { cell, key, query } = panned(bounded(from, PLANE), dx, dy, PLANE)
      expect(Math.min(key, query)).toBeGreaterThanOrEqual(0)
      expect(key === 0 || key + PLANE.width / cell <= PLANE.positions + 1e-6).toBe(true)
      expect(query === 0 || query + PLANE.height / cell <= PLANE.positions + 1e-6).toBe(true)
    }),
  )
})

it('brings a cell into sight', () => {
  const view = { cell: 10, key: 100, query: 100 }
  expect(revealing(view, 105, 120, PLANE)).toEqual(view)
  expect(revealing(view, 40, 200, PLANE)).toEqual({ cell: 10, key: 161, query: 40 })
})
