/** The languages that the page speaks. */
export type Language = 'en' | 'zh-CN'

export const languages: readonly Language[] = ['en', 'zh-CN']

/** The first of the reader's languages that the page speaks; English where it speaks none. */
export function preferredLanguage(preferences: readonly string[]): Language {
  for (const preference of preferences) {
    const language = preference.toLowerCase().split('-', 1)[0]
    if (language === 'zh') return 'zh-CN'
    if (language === 'en') return 'en'
  }
  return 'en'
}
