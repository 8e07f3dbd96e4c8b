/** What is typed and not sent yet, kept for the tab: a reload does not lose it. */
import type { ItemId } from '../library/item.ts'

const keyOf = (item: ItemId) => `draft ${item}`

export function draftOf(item: ItemId): string {
  try {
    return sessionStorage.getItem(keyOf(item)) ?? ''
  } catch {
    return '' // storage is forbidden
  }
}

export function keepDraft(item: ItemId, text: string): void {
  try {
    if (text) sessionStorage.setItem(keyOf(item), text)
    else sessionStorage.removeItem(keyOf(item))
  } catch {
    // it is kept as long as it is in sight
  }
}
