import { useEffect, useState } from 'react'
import { useWords } from '../i18n/index.ts'
import { useLibrary } from '../library/use-library.ts'
import { manuscriptOf } from '../manuscript/open-text.ts'
import { Action } from './Action.tsx'
import { Check, CopyIcon } from './icons.tsx'
import { say } from './said.ts'

const CONFIRMED_MS = 2000

export function CopyButton() {
  const { t } = useWords()
  const enabled = useLibrary((state) => manuscriptOf(state).text !== '')
  const [copied, setCopied] = useState(false)

  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), CONFIRMED_MS)
    return () => clearTimeout(timer)
  }, [copied])

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(manuscriptOf(useLibrary.getState()).text)
      setCopied(true)
      say(t('actions.copied'))
    } catch {
      say(t('actions.copyRefused'), 'seen')
    }
  }

  return (
    <Action name={t(copied ? 'actions.copied' : 'actions.copy')} enabled={enabled} act={() => void copy()}>
      {copied ? <Check /> : <CopyIcon />}
    </Action>
  )
}
