/** Words in the reader's language. */
import i18next, { type TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { initReactI18next } from 'react-i18next/initReactI18next'
import { useApp } from '../store/app.ts'
import { en } from './en.ts'
import type { Language } from './language.ts'
import { zhCN } from './zh-CN.ts'

/** The keys of a catalogue, with words of any language. */
type Worded<T> = { readonly [K in keyof T]: T[K] extends string ? string : Worded<T[K]> }
export type Catalogue = Worded<typeof en>

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en }
  }
}

export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, 'zh-CN': { translation: zhCN } },
    interpolation: { escapeValue: false }, // React escapes
  })
  useApp.subscribe((state, previous) => {
    if (state.language !== previous.language) void i18next.changeLanguage(state.language)
  })
}

/** Words, and the language that numbers are written in. */
export function useWords(): { t: TFunction; language: Language } {
  const { t, i18n } = useTranslation()
  return { t, language: i18n.language as Language }
}
