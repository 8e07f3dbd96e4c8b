import fc from 'fast-check'
import { expect, it } from 'vitest'
import { assembleTree } from './assemble.ts'
import { run } from './fixture.ts'
import { newItem } from './item.ts'
import { readNews } from './news.ts'
import { readEditNode, readItem, readManner, readModel, readPlace, readTurnNode } from './validate.ts'

const readers = [readItem, readEditNode, readTurnNode, readPlace, readModel, readNews]
const again = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

it('takes anything for what it is', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true }), (value) => {
      for (const read of readers) expect(() => read(value)).not.toThrow()
    }),
  )
})

it('reads back what was written', () => {
  const item = { ...newItem('chat', 'a', 5), model: { kind: 'url' as const, url: 'org/name' }, trashed: 9, title: 't' }
  expect(readItem(again(item))).toEqual(item)
  const edit = { start: 0, removed: 0, inserted: 'Once' }
  const node = {
    id: 'a',
    at: 1,
    parent: 'b',
    edit,
    by: 'model' as const,
    run: { ...run, ending: 'stop' as const },
    name: 'n',
  }
  expect(readEditNode(again(node))).toEqual(node)
  const turn = { id: 'a', at: 1, parent: 'b', role: 'assistant' as const, content: 'x', thinking: 'y', run, removed: 3 }
  expect(readTurnNode(again(turn))).toEqual(turn)
})

it('reads a summary, and a manner without one that makes no sense', () => {
  const manner = { values: {}, stop: [], whenFull: { keep: 4, summary: { words: 'So far …', covers: 9 } } }
  expect(readManner(again(manner))).toEqual(manner)
  const wrong = { ...manner, whenFull: { keep: 4, summary: { words: 7, covers: 9 } } }
  expect(readManner(wrong)).toEqual({ values: {}, stop: [], whenFull: { keep: 4 } })
})

it('reads a model in a precision', () => {
  const model = { kind: 'built-in', id: 'poems', weights: 'q4' }
  expect(readModel(model)).toEqual(model)
  expect(readModel({ ...model, weights: 'q3' })).toEqual({ kind: 'built-in', id: 'poems' })
})

it('leaves out fields that make no sense, and records without those that must be there', () => {
  expect(readItem({ ...newItem('text', 'a', 5), folder: 7, model: { kind: 'url', url: 'data:x' } })).toEqual(
    newItem('text', 'a', 5),
  )
  for (const wrong of [{ id: '' }, { id: 'a/b' }, { kind: 'poem' }, { created: -1 }, { changed: Number.NaN }])
    expect(readItem({ ...newItem('text', 'a', 5), ...wrong })).toBeUndefined()
})

it('assembles what hangs together, and sets the rest aside', () => {
  const node = (id: string, parent: string | undefined, start: number, inserted: string) => ({
    ...{ id, parent, at: 1, by: 'reader' },
    edit: { start, removed: 0, inserted },
  })
  const records = [
    node('c', 'b', 6, '!'),
    node('b', 'a', 4, ' up'),
    node('a', undefined, 0, 'Once'),
    node('far', 'a', 99, 'x'), // an edit of what is not there
    node('below', 'far', 0, 'x'),
    node('one', 'two', 0, 'x'), // in a circle
    node('two', 'one', 0, 'x'),
    node('other', undefined, 0, 'a second root'),
    'not a record',
  ]
  const { tree, aside } = assembleTree('text', records, { current: 'c', visited: [['a', 'b']] })
  expect([...(tree?.nodes.keys() ?? [])]).toEqual(['a', 'b', 'c'])
  expect(tree?.current).toBe('c')
  expect(aside).toBe(6)
  expect(assembleTree('text', records.slice(0, 2), undefined).tree).toBeUndefined()
})
