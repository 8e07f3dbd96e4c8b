/** Words in the reader's language. */
import i18next, { type TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { initReactI18next } from 'react-i18next/initReactI18next'
import type { en as bench } from '../../bench/i18n/en.ts'
import { useApp } from '../store/app.ts'
import type { en } from './en/index.ts'
import type { Language } from './language.ts'
import type { Worded } from './worded.ts'

export type Catalogue = Worded<typeof en>

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en; bench: typeof bench }
  }
}

/** Only the reader's own is loaded: no language falls back on another, for each has all the words. */
const catalogues: Readonly<Record<Language, () => Promise<Catalogue>>> = {
  en: async () => (await import('./en/index.ts')).en,
  'zh-CN': async () => (await import('./zh-CN/index.ts')).zhCN,
}

async function speak(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', await catalogues[language]())
  }
  if (useApp.getState().language === language) await i18next.changeLanguage(language)
}

export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await catalogues[language]() } },
    interpolation: { escapeValue: false }, // React escapes
  })
  useApp.subscribe((state, previous) => {
    if (state.language !== previous.language) void speak(state.language)
  })
}

/** Words, and the language that numbers are written in. */
export function useWords(): { t: TFunction; language: Language } {
  const { t, i18n } = useTranslation()
  return { t, language: i18n.language as Language }
}
