/** Files of texts, picked or dropped. */
import i18next, { type TFunction } from 'i18next'
import { HeadlightError } from '../../index.ts'
import { say } from '../controls/said.ts'
import { formatNumber } from '../i18n/format.ts'
import type { Language } from '../i18n/language.ts'
import { readFile } from '../library/import.ts'
import { useLibrary } from '../library/use-library.ts'

/** For a file dialog to show. */
export const TEXT_FILES = '.json,.md,.txt'

/** Has the reader pick files, and adds what they hold. */
export function pickTexts(): void {
  const input = document.createElement('input')
  Object.assign(input, { type: 'file', accept: TEXT_FILES, multiple: true })
  input.onchange = () => void importFiles([...(input.files ?? [])], i18next.t, i18next.language as Language)
  input.click()
}

/** Adds what the files hold, or nothing where one cannot be read; opens the first of it, and says how many came. */
export async function importFiles(files: readonly File[], t: TFunction, language: Language): Promise<void> {
  try {
    const entries = (await Promise.all(files.map(readFile))).flat()
    const [first] = useLibrary.getState().add(entries)
    if (first) await useLibrary.getState().open(first)
    say(t('texts.imported', { texts: formatNumber(entries.length, language) }), 'seen')
  } catch (error) {
    const reason = error instanceof HeadlightError ? error.message : String(error)
    say(t('texts.notImported', { reason }), 'seen')
  }
}
