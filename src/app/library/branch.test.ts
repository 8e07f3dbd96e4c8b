import { expect, it } from 'vitest'
import { branching } from './branch.ts'
import { begun, finished, grown, manuscriptAt, startDocument, stepped } from './edit-tree.ts'
import { atEnd, run, stamps } from './fixture.ts'
import { movedTo } from './tree.ts'

const stamp = stamps()
const beginning = startDocument('Once upon', stamp())
const node = stamp()
const open = begun(beginning, { edit: atEnd('Once upon', ''), run, stamp: node })
const written = finished(grown(open, node.id, ' a time', 2), node.id, 'stopped', 1)
const goneOn = stepped(written, atEnd('Once upon a time', ', there'), stamp())

/** What the text is after branching. */
function branched(tree: typeof goneOn, offset: number) {
  const { from, edit } = branching(tree, offset, ' the')
  const next = begun(movedTo(tree, from), { edit, run, stamp: stamp() })
  return { from, text: manuscriptAt(next).text }
}

it('is another version of what the model wrote', () => {
  expect(branched(written, 11)).toEqual({ from: written.root, text: 'Once upon a the' })
  expect(branched(written, 9)).toEqual({ from: written.root, text: 'Once upon the' })
})

it('finds the words behind later edits', () => {
  expect(branched(goneOn, 11)).toEqual({ from: written.root, text: 'Once upon a the' })
})

it("follows from the reader's words where it leaves them", () => {
  expect(branched(goneOn, 17)).toEqual({ from: goneOn.current, text: 'Once upon a time, the' })
  expect(branched(written, 4)).toEqual({ from: written.root, text: 'Once the' })
})
