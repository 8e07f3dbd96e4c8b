/** Where in a text the model writes. */
import type { Edit } from '../manuscript/manuscript.ts'
import { prepared } from '../models/built-in.ts'

/**
 * The edit that a continuation from `caret` on begins with: what follows gives way to it, and so do spaces before it,
 * which belong to the model's next word.
 * @param titled the model expects a title and a line break before the text
 */
export function placeAt(text: string, caret: number, titled: boolean): Edit {
  const head = prepared(text.slice(0, caret), false)
  const inserted = prepared(head, titled).slice(head.length)
  return { start: head.length, removed: text.length - head.length, inserted }
}
