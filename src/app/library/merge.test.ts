import { expect, it } from 'vitest'
import { begun, branches, type EditNode, finished, grown, manuscriptAt, startDocument, stepped } from './edit-tree.ts'
import { atEnd, run } from './fixture.ts'
import { merged } from './merge.ts'
import { nodeAt, pruned } from './tree.ts'

const fork = {
  length: (node: EditNode) => node.edit.inserted.length,
  again: (node: EditNode) => ({ ...node, id: `${node.id}-again` }),
}
const beginning = startDocument('Once', { id: 'root', at: 0 })
const writing = grown(begun(beginning, { edit: atEnd('Once', ''), run, stamp: { id: 'c', at: 1 } }), 'c', ' upon', 1)

it('takes new nodes in any order, and leaves the reader where they are', () => {
  const there = finished(grown(writing, 'c', ' a', 1), 'c', 'stop', 2)
  const more = stepped(there, atEnd('Once upon a', ' time'), { id: 'r', at: 3 })
  const here = merged(beginning, [nodeAt(more, 'r'), nodeAt(more, 'c')], fork)
  expect(manuscriptAt(here).text).toBe('Once')
  expect(manuscriptAt(here, 'r').text).toBe('Once upon a time')
})

it('shows a continuation grow, and leaves out what hangs on nothing', () => {
  const here = merged(writing, [nodeAt(grown(writing, 'c', ' a', 1))], fork)
  expect(manuscriptAt(here).text).toBe('Once upon a')
  expect(merged(here, [{ ...nodeAt(here), id: 'x', parent: 'nowhere' }], fork).nodes.size).toBe(2)
})

it('keeps both where a node grew here and was built on there', () => {
  const there = stepped(writing, atEnd('Once upon', '!'), { id: 'r', at: 3 })
  const grew = grown(writing, 'c', ' a time', 2)
  const news = [nodeAt(there, 'c'), nodeAt(there, 'r')]
  for (const incoming of [news, news.toReversed()]) {
    const here = merged(grew, incoming, fork)
    expect(manuscriptAt(here).text).toBe('Once upon a time')
    expect(manuscriptAt(here, 'r').text).toBe('Once upon!')
    expect(branches(here)).toHaveLength(2)
    expect(grown(here, 'c', 'lost', 1)).toBe(here)
  }
})

it('never changes the words of what was built on here', () => {
  const here = stepped(writing, atEnd('Once upon', '!'), { id: 'r', at: 3 })
  const after = merged(here, [{ ...nodeAt(grown(writing, 'c', ' a', 1)), name: 'good' }], fork)
  expect(manuscriptAt(after).text).toBe('Once upon!')
  expect(nodeAt(after, 'c').name).toBe('good')
  expect(nodeAt(merged(here, [nodeAt(pruned(writing, 'c', 5), 'c')], fork), 'c').removed).toBe(5)
})
