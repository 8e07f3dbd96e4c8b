import { expect, it } from 'vitest'
import { builtIns } from '../models/built-in.ts'
import { manuscriptAt } from './edit-tree.ts'
import { isDocument, textOf } from './entry.ts'
import { keptBefore } from './migrate.ts'
import { nodeAt, undone } from './tree.ts'

const kept = (value: unknown) => keptBefore(() => ({ getItem: () => JSON.stringify(value) }))

it('makes items of the texts of the desks, with whose words they are', () => {
  const stories = {
    text: 'Once upon a time',
    written: [{ start: 4, end: 16 }],
    last: { start: 9, tokens: 2, seed: 7, pastEnd: false, ending: 'stop' },
  }
  const other = { text: 'Mine', written: [] }
  const poems = { text: builtIns.poems.beginning, written: [] } // as it was found
  const [first, second, ...more] = kept({
    state: { texts: { stories, poems, other }, sampling: { values: { temperature: 1.2 }, stop: [] } },
  })
  expect(more).toEqual([])
  expect(first?.item).toMatchObject({ model: { kind: 'built-in', id: 'stories' }, beginning: 'Once upon a time' })
  expect(first?.item.sampling.values).toEqual({ temperature: 1.2 })
  if (!first || !isDocument(first.tree)) throw new Error('the story is no document')
  expect(manuscriptAt(first.tree)).toEqual({ text: stories.text, written: stories.written })
  expect(nodeAt(first.tree).run).toMatchObject({ tokens: 2, seed: 7, ending: 'stop' })
  expect(manuscriptAt(undone(first.tree))).toEqual({ text: 'Once upon', written: [{ start: 4, end: 9 }] })
  expect(second && textOf(second.tree)).toBe('Mine')
  expect(second?.item.model).toBeUndefined()
})

it('makes nothing of what makes no sense', () => {
  for (const value of [null, 7, 'x', [], {}, { state: { texts: { stories: 7, poems: { text: 3 } } } }])
    expect(kept(value)).toEqual([])
  const refused = () => {
    throw new DOMException('forbidden', 'SecurityError')
  }
  expect(keptBefore(refused)).toEqual([])
  expect(keptBefore(() => ({ getItem: () => '{"state":' }))).toEqual([])
  const odd = { text: 'Once', written: [{ start: 2, end: 99 }], last: { start: 99 } }
  expect(kept({ state: { texts: { other: odd } } })[0]?.tree.nodes.size).toBe(1)
})
