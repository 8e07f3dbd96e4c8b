import { expect, test } from 'vitest'
import { named } from './search.ts'

const all = [
  { names: ['Save all texts as JSON', '全部存为 JSON'] },
  { names: ['Theme: dark', '主题：深色'] },
  { names: ['Texts', '文稿列表'] },
]
const found = (query: string) => named(all, query).map(({ names }) => names[0])

test('nothing typed finds all', () => expect(found('  ')).toHaveLength(3))

test('words in any order, of either language, but of one', () => {
  expect(found('json SAVE')).toEqual(['Save all texts as JSON'])
  expect(found('深色')).toEqual(['Theme: dark'])
  expect(found('theme 深色')).toEqual([])
})

test('a name that begins so comes first; full width is as half width', () => {
  expect(found('text')).toEqual(['Texts', 'Save all texts as JSON'])
  expect(found('ＪＳＯＮ')).toEqual(['Save all texts as JSON'])
})
