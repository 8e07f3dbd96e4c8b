import { useEffect, useState } from 'react'
import { useWords } from '../i18n/index.ts'
import { say } from './said.ts'

const CONFIRMED_MS = 2000

/** Copies, and says so; `copied` is true for a moment. */
export function useCopy(): { readonly copied: boolean; copy(text: string): Promise<void> } {
  const { t } = useWords()
  const [copied, setCopied] = useState(false)

  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), CONFIRMED_MS)
    return () => clearTimeout(timer)
  }, [copied])

  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
      say(t('actions.copied'))
    } catch {
      say(t('actions.copyRefused'), 'seen')
    }
  }
  return { copied, copy }
}
