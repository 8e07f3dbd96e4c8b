import i18next from 'i18next'
import { say } from './said.ts'

/** Copies, and says whether the browser did. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    say(i18next.t('actions.copied'))
    return true
  } catch {
    say(i18next.t('actions.copyRefused'), 'seen')
    return false
  }
}
