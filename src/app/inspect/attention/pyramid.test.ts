import { expect, it } from 'vitest'
import { createPyramid } from './pyramid.ts'

const rows = (...weights: number[][]) => weights.map((row) => Float32Array.from(row))
const plain = (map: readonly (Float32Array | undefined)[]) => map.map((row) => row && [...row])

it('shows the largest of what a cell covers, and knows what is not there', () => {
  const head = [...rows([1], [0.25, 0.75], [0.5, 0, 0.5]), undefined, ...rows([0, 0, 0, 0, 1])]
  const pyramid = createPyramid()
  expect(pyramid(head, 1)).toBe(head)
  expect(plain(pyramid(head, 2))).toEqual([[1], [0.5, 0.5], [0, 0, 1]])
  expect(plain(pyramid(head, 4))).toEqual([[1], [0, 1]])
  expect(plain(pyramid([undefined, undefined, head[2]], 2))).toEqual([undefined, [0.5, 0.5]])
})

it('is the same however the rows came: one more, some later, others, fewer', () => {
  let seed = 1
  const next = () => {
    seed = (seed * 48271) % 2147483647
    return seed / 2147483647
  }
  const row = (query: number) => Float32Array.from({ length: query + 1 }, next)
  const all = Array.from({ length: 70 }, (_, query) => row(query))
  const late = all.map((each, query) => (query > 20 && query < 30 ? undefined : each))
  const pyramid = createPyramid()
  for (const map of [late.slice(0, 33), late.slice(0, 34), late, all, all.map((_, q) => row(q)), all.slice(0, 5)]) {
    for (const factor of [8, 2, 4]) expect(pyramid(map, factor)).toEqual(createPyramid()(map, factor))
  }
})

it('computes a row that came, and no others', () => {
  const head = rows([1], [0.5, 0.5], [0.5, 0, 0.5], [1, 0, 0, 0])
  const pyramid = createPyramid()
  const [first, second] = pyramid(head, 2)
  const grown = pyramid([...head, Float32Array.of(0, 0, 0, 0, 1)], 2)
  expect(grown[0]).toBe(first)
  expect(grown[1]).toBe(second)
  expect(grown).toHaveLength(3)
})
