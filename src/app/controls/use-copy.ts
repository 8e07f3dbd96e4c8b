import { useEffect, useState } from 'react'
import { copyText } from './copy-text.ts'

const CONFIRMED_MS = 2000

/** Copies, and says so; `copied` is true for a moment. */
export function useCopy(): { readonly copied: boolean; copy(text: string): Promise<void> } {
  const [copied, setCopied] = useState(false)

  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), CONFIRMED_MS)
    return () => clearTimeout(timer)
  }, [copied])

  return { copied, copy: async (text) => setCopied(await copyText(text)) }
}
