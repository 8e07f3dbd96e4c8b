import { expect, it } from 'vitest'
import { factorOf, isChanged, toggled, withFactor } from './factors.ts'

it('names what is changed, and nothing else', () => {
  const off = toggled({}, { layer: 3, part: 1 })
  expect(off).toEqual({ heads: { '3.1': 0 } })
  expect(isChanged(off)).toBe(true)
  expect(factorOf(off, { layer: 3, part: 1 })).toBe(0)
  expect(factorOf(off, { layer: 3, part: 2 })).toBe(1)
  const both = withFactor(withFactor(off, { layer: 2, part: 'mlp' }, 0.5), { layer: 2, part: 'layer' }, 7)
  expect(both).toEqual({ heads: { '3.1': 0 }, layers: { '2.mlp': 0.5, '2': 2 } })
  expect(toggled(both, { layer: 3, part: 1 })).toEqual({ layers: { '2.mlp': 0.5, '2': 2 } })
  expect(isChanged(toggled(off, { layer: 3, part: 1 }))).toBe(false)
})
