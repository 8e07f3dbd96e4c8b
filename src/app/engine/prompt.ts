/** What the model gets to see of a text. */
import type { Model } from '../../index.ts'
import type { ContextUse } from '../store/status.ts'

/** A text that leaves less room than this in the context is seen from further on. */
const LEAST_ROOM = 16

export interface Prompt {
  readonly ids: readonly number[]
  /** Tokens of the whole text. */
  readonly total: number
}

/**
 * The text as token ids: all of it, or, where it fills the context, the latest half of a context of it, so that
 * writing goes on. A text of nothing begins where the model's documents begin.
 */
export function promptIds(text: string, { tokenizer, info }: Pick<Model, 'tokenizer' | 'info'>): Prompt {
  const all = tokenizer.encode(text)
  if (all.length === 0) return { ids: info.endOfText.slice(0, 1), total: 0 }
  const room = Math.min(LEAST_ROOM, Math.floor(info.context / 8))
  if (all.length + room <= info.context) return { ids: all, total: all.length }
  const opening = tokenizer.encode('') // the start token, where the model wants one
  const latest = Math.floor(info.context / 2) - opening.length
  return { ids: [...opening, ...all.slice(-latest)], total: all.length }
}

/** What the next continuation would begin from; undefined where the model takes no text. */
export function contextUse(text: string, model: Pick<Model, 'tokenizer' | 'info'>): ContextUse | undefined {
  if (!model.info.hasTokenizer) return undefined
  const { ids, total } = promptIds(text, model)
  return { text: total, seen: Math.min(ids.length, total) }
}
