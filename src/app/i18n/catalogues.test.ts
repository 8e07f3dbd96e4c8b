import { expect, it } from 'vitest'
import { en as benchEn } from '../../bench/i18n/en.ts'
import { zhCN as benchZhCN } from '../../bench/i18n/zh-CN.ts'
import { en } from './en/index.ts'
import { zhCN } from './zh-CN/index.ts'

/** Each string of a catalogue under its dotted key. */
function strings(catalogue: object, prefix = ''): [key: string, words: string][] {
  return Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : strings(value, `${prefix}${key}.`),
  )
}
const placeholders = (words: string) => [...words.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()

it.each([
  { page: 'writing', en, zhCN },
  { page: 'measuring speed', en: benchEn, zhCN: benchZhCN },
])('say the same things in every language, with the same placeholders: $page', ({ en, zhCN }) => {
  const translated = new Map(strings(zhCN))
  expect([...translated.keys()].sort()).toEqual(
    strings(en)
      .map(([key]) => key)
      .sort(),
  )
  for (const [key, words] of strings(en)) {
    expect([key, placeholders(translated.get(key) ?? '')]).toEqual([key, placeholders(words)])
  }
})
