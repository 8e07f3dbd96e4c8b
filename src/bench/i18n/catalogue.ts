/** The words of this page: a catalogue of their own, so that the writing page does not fetch them. */
import i18next, { type TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Language } from '../../app/i18n/language.ts'
import type { Worded } from '../../app/i18n/worded.ts'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

export type BenchCatalogue = Worded<typeof en>

/** Once i18next has started. */
export function addBenchWords(): void {
  i18next.addResourceBundle('en', 'bench', en)
  i18next.addResourceBundle('zh-CN', 'bench', zhCN)
}

export type BenchWords = TFunction<'bench'>

/** Words, and the language that numbers are written in. */
export function useBenchWords(): { t: BenchWords; language: Language } {
  const { t, i18n } = useTranslation('bench')
  return { t, language: i18n.language as Language }
}
