import { expect, it } from 'vitest'
import { run, stamps } from './fixture.ts'
import { followed, nodeAt, pruned, regrown } from './tree.ts'
import {
  answered,
  answering,
  answeringAgain,
  messages,
  resumed,
  revised,
  said,
  spoken,
  startConversation,
  turns,
  versions,
} from './turn-tree.ts'

const words = (content: string, thinking = '') => ({ content, thinking, tokens: 1 })

function asked() {
  const next = stamps()
  let tree = said(startConversation(next()), 'Why is the sky blue?', next())
  tree = answering(tree, run, next())
  tree = spoken(spoken(tree, 'n3', words('', 'hm')), 'n3', words('Light'))
  return { next, tree: answered(tree, 'n3', 'max-tokens') }
}

it('gives a session what was said, in order', () => {
  const { tree, next } = asked()
  expect(messages(said(tree, 'Go on', next()), 'Be brief.')).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Why is the sky blue?' },
    { role: 'assistant', content: 'Light', reasoning_content: 'hm' },
    { role: 'user', content: 'Go on' },
  ])
  expect(messages(answeringAgain(tree, 'n3', run, next()), '')).toEqual([
    { role: 'user', content: 'Why is the sky blue?' },
  ])
})

it('keeps the versions of an edited turn and of an answer, and switches to where each went', () => {
  const { tree, next } = asked()
  const again = spoken(answeringAgain(tree, 'n3', run, next()), 'n4', words('Air'))
  expect(versions(again, 'n4')).toEqual({ ids: ['n3', 'n4'], index: 1 })
  const edited = revised(again, 'n2', 'Why is grass green?', next())
  expect(turns(edited).map((turn) => turn.content)).toEqual(['Why is grass green?'])
  expect(turns(followed(edited, 'n2')).map((turn) => turn.content)).toEqual(['Why is the sky blue?', 'Air'])
})

it('goes on with a cut answer: in place, or beside it where the conversation went on', () => {
  const { tree, next } = asked()
  const going = spoken(resumed(tree, 'n3', next()), 'n3', words(' scatters'))
  expect(nodeAt(going).content).toBe('Light scatters')
  expect(nodeAt(going).run).toMatchObject({ tokens: 3, ending: undefined })
  const beside = resumed(said(tree, 'Thanks', next()), 'n3', { id: 'x', at: 9 })
  expect(nodeAt(spoken(beside, 'x', words(' scatters'))).content).toBe('Light scatters')
  expect(nodeAt(beside, 'n3').content).toBe('Light')
  expect(versions(beside, 'x').ids).toHaveLength(2)
})

it('says why an answer failed, and writes no more once it ended', () => {
  const { tree, next } = asked()
  const failed = answered(answeringAgain(tree, 'n3', run, next()), 'n4', 'failed', 'device-lost')
  expect(nodeAt(failed).run).toMatchObject({ ending: 'failed', error: 'device-lost' })
  expect(spoken(failed, 'n4', words('late'))).toBe(failed)
})

it('deletes a turn with what came after it, and takes it back', () => {
  const { tree } = asked()
  const without = pruned(tree, 'n2', 5)
  expect(turns(without)).toEqual([])
  expect(turns(followed(regrown(without, 'n2'), 'n2'))).toHaveLength(2)
})
