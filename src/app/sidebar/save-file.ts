/** Texts as files of the reader's. */
import type { TFunction } from 'i18next'
import type { Entry } from '../library/entry.ts'
import { type ExportKind, fileName, toJson, toMarkdown, toText } from '../library/export.ts'
import type { ItemId } from '../library/item.ts'
import { useLibrary } from '../library/use-library.ts'

const TYPES = { json: 'application/json', md: 'text/markdown', txt: 'text/plain' } as const

/** Saves these texts, or all, as one file. */
export async function saveFile(kind: ExportKind, t: TFunction, ids?: readonly ItemId[]): Promise<void> {
  const entries = await useLibrary.getState().entries(ids)
  const [only] = entries
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([contentOf(entries, kind, t)], { type: `${TYPES[kind]};charset=utf-8` }))
  link.download = ids && only ? fileName(only, kind) : `headlight.${kind}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href)) // the browser has begun to read it
}

function contentOf(entries: readonly Entry[], kind: ExportKind, t: TFunction): string {
  if (kind === 'json') return toJson(entries, Date.now())
  const speakers = {
    system: t('texts.speakers.system'),
    user: t('texts.speakers.user'),
    assistant: t('texts.speakers.assistant'),
  }
  if (kind === 'md') return entries.map((entry) => toMarkdown(entry, speakers)).join('\n---\n\n')
  return entries.map((entry) => toText(entry, speakers)).join('\n\n')
}
