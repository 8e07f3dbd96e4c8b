import { describe, expect, it } from 'vitest'
import { editBetween } from '../manuscript/manuscript.ts'
import {
  begun,
  branches,
  continuations,
  type EditTree,
  finished,
  grown,
  latestRun,
  manuscriptAt,
  startDocument,
  stepped,
  typed,
} from './edit-tree.ts'
import { atEnd, run, stamps } from './fixture.ts'
import { followed, movedTo, named, nodeAt, pruned, redone, regrown, undone } from './tree.ts'

const root = { id: 'root', at: 0 }
const text = (tree: EditTree) => manuscriptAt(tree).text
const blank = (beginning = '') => startDocument(beginning, root)
let keys = 0
const key = (tree: EditTree, after: string, at: number, caret = after.length) =>
  typed(tree, editBetween(text(tree), after, caret), { id: `k${keys++}`, at })

describe('typing', () => {
  it('in one go is one node', () => {
    let tree = blank()
    for (const [i, after] of ['O', 'On', 'Onc', 'Once'].entries()) tree = key(tree, after, i * 800)
    expect(tree.nodes.size).toBe(2)
    expect(text(undone(tree))).toBe('')
    expect(text(redone(undone(tree)))).toBe('Once')
  })

  it('begins a node after a pause, elsewhere, and when deleting', () => {
    let tree = key(blank(), 'a', 0)
    tree = key(tree, 'ab', 5000)
    expect(text(undone(tree))).toBe('a')
    tree = key(tree, 'xab', 5100, 1)
    expect(text(undone(tree))).toBe('ab')
    tree = key(tree, 'ab', 5200, 0)
    expect(text(undone(tree))).toBe('xab')
  })

  it('joins deletions backwards and forwards', () => {
    const backwards = key(key(blank('abcd'), 'abc', 0, 3), 'ab', 100, 2)
    expect(text(undone(backwards))).toBe('abcd')
    const forwards = key(key(blank('abcd'), 'bcd', 0, 0), 'cd', 100, 0)
    expect(text(undone(forwards))).toBe('abcd')
  })

  it('joins what an input method puts in place of letters', () => {
    let tree = blank('春')
    for (const after of ['春m', '春mi', "春mi'm", '春眠', '春眠不']) tree = key(tree, after, 100)
    expect(text(tree)).toBe('春眠不')
    expect(text(undone(tree))).toBe('春')
  })

  it('never changes a node that was built on', () => {
    const first = key(blank(), 'a', 0)
    const second = key(undone(stepped(first, atEnd('a', 'b'), { id: 'b', at: 50 })), 'ac', 100)
    expect(branches(second)).toHaveLength(2)
  })

  it('refuses an edit of what is not there', () => {
    expect(() => typed(blank('abc'), { start: 2, removed: 2, inserted: '' }, { id: 'x', at: 0 })).toThrow(
      'removes 2 characters at 2, but the text has 3',
    )
  })
})

describe('a continuation', () => {
  const stamp = { id: 'c', at: 1 }
  const writing = grown(
    begun(blank('Once  '), { edit: { start: 4, removed: 2, inserted: '' }, run, stamp }),
    'c',
    ' upon',
    1,
  )

  it('is one node, whose words are the model’s', () => {
    const done = finished(grown(writing, 'c', ' a', 1), 'c', 'max-tokens', 2)
    expect(manuscriptAt(done)).toEqual({ text: 'Once upon a', written: [{ start: 4, end: 11 }] })
    expect(latestRun(done)).toEqual({ ...run, tokens: 2, ending: 'max-tokens' })
    expect(text(undone(done))).toBe('Once  ')
  })

  it('can be written in the middle', () => {
    const tree = begun(blank('Once a time'), { edit: { start: 4, removed: 0, inserted: '' }, run, stamp })
    expect(manuscriptAt(grown(tree, 'c', ' upon', 1))).toEqual({
      text: 'Once upon a time',
      written: [{ start: 4, end: 9 }],
    })
  })

  it('stops where the reader goes on, and then writes no more', () => {
    const edited = stepped(writing, atEnd('Once upon', '!'), { id: 'r', at: 3 })
    expect(nodeAt(edited, 'c').run?.ending).toBe('stopped')
    expect(grown(edited, 'c', ' a', 1)).toBe(edited)
    expect(manuscriptAt(edited)).toEqual({ text: 'Once upon!', written: [{ start: 4, end: 9 }] })
  })

  it('that wrote nothing leaves nothing to undo, and says why', () => {
    const tree = finished(begun(blank('Once'), { edit: atEnd('Once', ''), run, stamp }), 'c', 'end-of-text', 2)
    expect(tree.current).toBe('root')
    expect(redone(tree).current).toBe('root')
    expect(latestRun(tree)?.ending).toBe('end-of-text')
  })

  it('is one of several to choose from', () => {
    let tree = blank('Once')
    for (const id of ['a', 'b', 'c'])
      tree = begun(tree, { edit: atEnd('Once', ''), run, stamp: { id, at: 1 }, aside: true })
    for (const chunk of [' upon', ' more'])
      for (const id of ['a', 'b', 'c']) tree = grown(tree, id, `${chunk} ${id}`, 1)
    expect(text(tree)).toBe('Once')
    expect(continuations(tree).map((node) => manuscriptAt(tree, node.id).text)).toEqual([
      'Once upon a more a',
      'Once upon b more b',
      'Once upon c more c',
    ])
    tree = pruned(movedTo(tree, 'b'), 'a', 2)
    expect(text(tree)).toBe('Once upon b more b')
    expect(continuations(undone(tree)).map((node) => node.id)).toEqual(['b', 'c'])
  })
})

describe('branches', () => {
  const next = stamps()
  const one = stepped(blank('Once'), atEnd('Once', ' upon'), next())
  const two = stepped(one, atEnd('Once upon', ' a time'), next())
  const tree = stepped(undone(undone(two)), atEnd('Once', ' more'), next())

  it('are all versions, and what differs in them', () => {
    expect(branches(tree).map(({ differs, current }) => [differs, current])).toEqual([
      [' upon a time', false],
      ['', true],
    ])
  })

  it('are switched, and undo and redo keep to the one visited last', () => {
    const back = movedTo(tree, 'n2')
    expect(text(back)).toBe('Once upon a time')
    expect(text(redone(redone(undone(undone(back)))))).toBe('Once upon a time')
    expect(text(followed(undone(undone(back)), 'n3'))).toBe('Once more')
  })

  it('are named and removed, and come back', () => {
    expect(branches(named(tree, 'n2', 'the old one'))[0]?.name).toBe('the old one')
    const without = pruned(movedTo(tree, 'n2'), 'n1', 9)
    expect(text(without)).toBe('Once')
    expect(branches(without).map((branch) => branch.id)).toEqual(['n3'])
    expect(branches(regrown(without, 'n1')).map((branch) => branch.id)).toEqual(['n2', 'n3'])
  })

  it('come back where they are written on', () => {
    const without = { ...pruned(tree, 'n1', 9), current: 'n2' } // removed in another tab
    expect(branches(stepped(without, atEnd('Once upon a time', '.'), next()))).toHaveLength(2)
  })
})
