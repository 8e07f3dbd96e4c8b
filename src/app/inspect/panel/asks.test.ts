import { expect, it } from 'vitest'
import type { Seen } from '../../../index.ts'
import { nextAsk, watching } from './asks.ts'
import { useLook } from './look.ts'
import { followed, opened, type Reading, reread, rowsOfHead, withSeen } from './reading.ts'

const SIZE = { layers: 2, heads: 2 }
const look = (change: Partial<ReturnType<typeof useLook.getState>>) => ({ ...useLook.getState(), ...change })
const textOf = (ids: readonly number[]) => {
  const tokens = ids.map((id) => ({ id, text: String(id) }))
  return opened(ids, tokens, ids.length)
}
const likely = { logprob: -1, rank: 0, entropy: 1, top: [] }

/** As the engine tells of a position. */
const seen = (position: number, more: Partial<Seen> = {}): Seen => ({ position, row: position, id: 0, ...more })

it('asks for what is missing, and for nothing once it is there', () => {
  let reading: Reading = textOf([5, 6, 7])
  expect(nextAsk(look({}), reading, SIZE)).toEqual({ probabilities: { top: 10 }, from: 1, to: 3 })
  reading = withSeen(reading, [seen(0), seen(1, { probability: likely })])
  expect(nextAsk(look({}), reading, SIZE)).toMatchObject({ from: 2, to: 3 })
  reading = withSeen(reading, [seen(2, { probability: likely })])
  expect(nextAsk(look({}), reading, SIZE)).toBeUndefined()
})

it('asks for maps and a head together, and then for rows that came later', () => {
  const at = look({ view: 'attention', head: { layer: 1, head: 0 } })
  const reading = textOf([5, 6])
  expect(nextAsk(at, reading, SIZE)).toMatchObject({
    maps: { layers: [0, 1] },
    attentions: { layers: [1], heads: [0] },
  })
  const row = (position: number) =>
    seen(position, { attentions: [{ layer: 1, heads: [0], weights: new Float32Array(position + 1) }] })
  const known = { ...withSeen(reading, [row(0)]), maps: { ids: reading.ids, maps: { size: 2, maps: [] } } }
  expect(nextAsk(at, known, SIZE)).toEqual({ attentions: { layers: [1], heads: [0] }, from: 1, to: 2 })
  expect(rowsOfHead(known, at.head)?.rows).toEqual([new Float32Array(1), undefined])
  const whole = withSeen(known, [row(1)])
  expect(nextAsk(at, whole, SIZE)).toBeUndefined()
  expect(nextAsk({ ...at, source: 'all', token: 0 }, whole, SIZE)).toMatchObject({ from: 0, to: 1 })
})

it('keeps what is known of a shared beginning', () => {
  const whole = withSeen(textOf([5, 6, 7]), [seen(1, { probability: likely }), seen(2, { probability: likely })])
  const next = reread(whole, [5, 6, 9, 9], [], 4)
  expect(nextAsk(look({}), next, SIZE)).toMatchObject({ from: 2, to: 4 })
})

it('follows what is written, a row behind', () => {
  const told = seen(2, { row: 1, probability: likely, norms: [] })
  const reading = followed(textOf([5, 6]), [5, 6, 7], textOf([5, 6, 7]).tokens, [told])
  expect(reading.ids).toEqual([5, 6, 7])
  expect(reading.seen[2]).toBe(likely)
  expect([...reading.layers.keys()]).toEqual([1])
})

it('looks on at what is on screen only', () => {
  expect(watching(look({}), SIZE)).toEqual({ probabilities: { top: 10 } })
  expect(watching(look({ view: 'attention', head: { layer: 1, head: 1 } }), SIZE).attentions).toEqual({
    layers: [1],
    heads: [1],
  })
})
