import { expect, it } from 'vitest'
import { begun, finished, grown, manuscriptAt, startDocument, stepped } from '../library/edit-tree.ts'
import { atEnd, run, stamps } from '../library/fixture.ts'
import { regrown, undone } from '../library/tree.ts'
import { dropped, turned, versionsHere } from './versions.ts'

const stamp = stamps()

/** "Once", continued by each of `words` in turn. */
function story(...words: string[]) {
  let tree = startDocument('Once', stamp())
  for (const word of words) {
    if (tree.current !== tree.root) tree = undone(tree)
    const made = stamp()
    tree = begun(tree, { edit: atEnd('Once', ''), run, stamp: made })
    tree = finished(grown(tree, made.id, word, 1), made.id, 'stop', made.at)
  }
  return tree
}
const text = (tree: ReturnType<typeof story>) => manuscriptAt(tree).text

it('turns through what was written at the same place, around at the ends', () => {
  const tree = story(' a', ' b', ' c')
  expect(versionsHere(tree)).toHaveLength(3)
  expect(text(turned(tree, -1))).toBe('Once b')
  expect(text(turned(tree, 1))).toBe('Once a')
  expect(text(turned(turned(tree, 1), -1))).toBe('Once c')
})

it('has none behind what the reader wrote', () => {
  const tree = stepped(story(' a', ' b'), atEnd('Once b', '!'), stamp())
  expect(versionsHere(tree)).toEqual([])
  expect(turned(tree, 1)).toBe(tree)
  expect(dropped(tree, 1)).toBe(tree)
})

it('drops one for the one before it, and the only one for the text before', () => {
  const tree = story(' a', ' b')
  expect(text(dropped(tree, 1))).toBe('Once a')
  expect(text(dropped(dropped(tree, 1), 1))).toBe('Once')
  expect(versionsHere(regrown(dropped(tree, 1), tree.current))).toHaveLength(2)
})
