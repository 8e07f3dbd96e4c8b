import { expect, it } from 'vitest'
import { begun, finished, grown, startDocument } from '../library/edit-tree.ts'
import { atEnd, run, stamps } from '../library/fixture.ts'
import { readShare } from '../library/share.ts'
import type { KeptModel } from '../models/choice.ts'
import { linkTo, runToShare } from './link.ts'

function written(model: KeptModel) {
  const stamp = stamps()
  const tree = startDocument('Once', stamp())
  const made = stamp()
  const begin = begun(tree, { edit: atEnd('Once', ''), run: { ...run, model }, stamp: made })
  return finished(grown(begin, made.id, ' upon', 1), made.id, 'stop', made.at)
}

it('holds what the model continued, and how', async () => {
  const shared = runToShare(written({ kind: 'built-in', id: 'stories' }))!
  const link = new URL(await linkTo(shared, 'https://page.test/in/a/folder/?model=a/b#x'))
  expect(link.origin + link.pathname + link.search).toBe('https://page.test/in/a/folder/')
  expect(await readShare(link.hash)).toEqual({
    text: 'Once',
    model: { kind: 'built-in', id: 'stories' },
    values: { temperature: 0.8 },
    stop: [],
    seed: 7,
  })
})

it('is none for what the reader wrote, or files of theirs', () => {
  expect(runToShare(startDocument('Once', stamps()()))).toBeUndefined()
  expect(runToShare(written({ kind: 'files', name: 'mine.gguf' }))).toBeUndefined()
})
