import { expect, it } from 'vitest'
import { beginningOf, folders, listed, newItem, titleOf } from './item.ts'
import { search } from './search.ts'

const item = (id: string, more = {}) => ({ ...newItem('text', id, 0), ...more })

it('is called by its first words, in whole characters, where nobody named it', () => {
  expect(beginningOf('\n\n  Once   upon\na time')).toBe('Once upon')
  expect(beginningOf('')).toBe('')
  expect(beginningOf('🌀'.repeat(100))).toBe(`${'🌀'.repeat(80)}…`)
  expect(beginningOf('word '.repeat(40))).toMatch(/^(word )+word…$/)
  expect(titleOf(item('a', { title: 'Mine', beginning: 'Once' }))).toBe('Mine')
  expect(titleOf(item('a', { beginning: 'Once' }))).toBe('Once')
})

it('is listed with the pinned first and then the latest, by folder, or in the trash', () => {
  const items = [
    item('old', { changed: 1, folder: '10' }),
    item('new', { changed: 2, folder: '9' }),
    item('pinned', { pinned: true }),
    item('gone', { trashed: 1, folder: 'gone' }),
  ]
  expect(listed(items).map(({ id }) => id)).toEqual(['pinned', 'new', 'old'])
  expect(listed(items, { folder: '9' }).map(({ id }) => id)).toEqual(['new'])
  expect(listed(items, { trash: true }).map(({ id }) => id)).toEqual(['gone'])
  expect(folders(items, 'en')).toEqual(['9', '10'])
})

it('is found by parts of words in its title or text, titles first', () => {
  const items = [item('text'), item('title', { title: 'Café Ｍüller' }), item('poem'), item('none')]
  const texts = new Map([
    ['text', 'a robot in a cafe in the rain'],
    ['poem', '春眠不觉晓'],
  ])
  const ids = (query: string) => search(items, texts, query).map((found) => found.item.id)
  expect(ids('CAFÉ')).toEqual(['title', 'text'])
  expect(ids('robot rain')).toEqual(['text'])
  expect(ids('muller')).toEqual(['title'])
  expect(ids('眠不')).toEqual(['poem'])
  expect(ids('robot 眠')).toEqual([])
  expect(ids('  ')).toEqual([])
  expect(search(items, new Map([['text', `${'x'.repeat(99)} robot ${'y'.repeat(200)}`]]), 'robot')[0]?.excerpt).toMatch(
    /^…x+ robot y+…$/,
  )
})
