import { expect, it } from 'vitest'
import { goldenCases } from '../../../../test/reference/golden.ts'
import { evenShares, sharesOf } from './notes.ts'
import { meanRows, rowsOf, sinkShare } from './weights.ts'

const dense = (maps: readonly (readonly (readonly number[])[])[]) => Float32Array.from(maps.flat(2))
const rows = (...weights: number[][]) => weights.map((row) => Float32Array.from(row))

it.each(['gpt2', 'qwen2'])('%s: rows are those of the reference, up to the diagonal', (family) => {
  const [{ attentions, prompt } = {}] = goldenCases(family)
  const maps = attentions![1]!
  for (const [head, map] of maps.entries()) {
    const got = rowsOf(dense(maps), head, prompt!.length)
    expect(got.map((row) => [...row])).toEqual(map.map((row, query) => row.slice(0, query + 1).map(Math.fround)))
    for (const row of got) expect(sinkShare(row)).toBe(0)
  }
})

it('shows the share of a sink', () => {
  const [{ attentions, prompt } = {}] = goldenCases('gpt_oss')
  const row = rowsOf(dense(attentions![0]!), 0, prompt!.length).at(-1)!
  const sum = attentions![0]![0]!.at(-1)!.reduce((a, b) => a + b)
  expect(sinkShare(row)).toBeCloseTo(1 - sum, 5)
  expect(sinkShare(row)).toBeGreaterThan(0)
})

it('takes the mean of heads, where all have a row', () => {
  const one = { rows: [...rows([1]), undefined, ...rows([0.5, 0.25, 0.25])] }
  const other = { rows: rows([1], [0.5, 0.5], [0.25, 0.75, 0]) }
  expect(meanRows([one, other])).toEqual([...rows([1]), undefined, ...rows([0.375, 0.5, 0.125])])
  expect(meanRows([])).toEqual([])
})

it('says what a head attends to', () => {
  const head = rows([1], [0.75, 0.25], [0.5, 0.25, 0.25])
  const shares = sharesOf(head, [7, 8, 7], 2)!
  expect(shares).toMatchObject({
    rows: 2,
    first: 0.625,
    previous: 0.5,
    itself: 0.25,
    same: 0.25,
    window: 0.75,
    sink: 0,
  })
  const entropy = (...p: number[]) => -p.reduce((sum, w) => sum + w * Math.log(w), 0)
  expect(shares.entropy).toBeCloseTo((entropy(0.75, 0.25) + entropy(0.5, 0.25, 0.25)) / 2, 6)
  const even = evenShares(head, [7, 8, 7], 2)!
  expect(even.first).toBeCloseTo((1 / 2 + 1 / 3) / 2, 6)
  expect(even.entropy).toBeCloseTo((Math.log(2) + Math.log(3)) / 2, 6)
  expect(sharesOf(rows([1]), [7], 2)).toBeUndefined()
})
