/** Where the reader's cursor stands, for controls that act there. */
import { create } from 'zustand'

/** `at`: undefined at the end of the text, spaces aside, where writing goes on by itself. */
export const useCaret = create<{ readonly at?: number | undefined }>(() => ({}))

export function noteCaret({ value, selectionEnd }: HTMLTextAreaElement): void {
  const at = value.slice(selectionEnd).trim() === '' ? undefined : selectionEnd
  if (at !== useCaret.getState().at) useCaret.setState({ at })
}
