/** What the model gets to see of a text. */
import type { Model } from '../../index.ts'
import { sliding, type WhenFull } from '../sampling/parameters.ts'
import type { ContextUse } from '../store/status.ts'

/** A text that leaves less room than this in the context is seen from further on. */
const LEAST_ROOM = 16
export const SHOWN_TOKENS = 6 // at either end of what is out of sight

/** Tokens that are left to write, at least. */
export const roomIn = (context: number): number => Math.min(LEAST_ROOM, Math.floor(context / 8))

export interface Prompt {
  readonly ids: readonly number[]
  /** Tokens of the whole text. */
  readonly total: number
  /** Of `ids`, how many are the text's beginning, where something between them and the rest is left out. */
  readonly kept: number
  /** Tokens that are left out. */
  readonly gone: readonly number[]
  /** Of `ids`, how many stand in their place. */
  readonly summary: number
}

type Reader = Pick<Model, 'tokenizer' | 'info'>

/**
 * The text as token ids: all of it, or, where it fills the context, its beginning and the latest, half a context of it,
 * so that writing goes on; between them, a summary as far as it is one. A text of nothing begins where the model's documents begin.
 */
export function promptIds(text: string, { tokenizer, info }: Reader, whenFull: WhenFull = sliding): Prompt {
  const all = tokenizer.encode(text)
  if (all.length === 0) return { ids: info.endOfText.slice(0, 1), total: 0, kept: 0, gone: [], summary: 0 }
  if (whenFull === 'stop' || all.length + roomIn(info.context) <= info.context) {
    return { ids: all, total: all.length, kept: 0, gone: [], summary: 0 }
  }
  const opening = tokenizer.encode('').length // the start token, where the model wants one
  const kept = opening + Math.min(whenFull.keep, Math.floor(info.context / 4))
  const latest = all.length - Math.max(1, Math.floor(info.context / 2) - kept)
  const words = whenFull.summary?.words.trim()
  const summary = words ? summaryIds(`\n\n${words}\n\n`, { tokenizer, info }) : []
  return {
    ids: [...all.slice(0, kept), ...summary, ...all.slice(latest)],
    total: all.length,
    kept,
    gone: all.slice(kept, latest),
    summary: summary.length,
  }
}

/** The most that a summary may take of the context, in tokens. */
export const roomForSummary = (context: number): number => Math.floor(context / 4)

/** What of a summary the model is given. */
export const summaryIds = (words: string, { tokenizer, info }: Reader): number[] =>
  tokenizer.encode(words, { addSpecialTokens: false }).slice(0, roomForSummary(info.context))

/** How much fell out of sight after it was summarised; undefined where nothing was. */
export function sinceSummary(gone: number, whenFull: WhenFull | undefined): number | undefined {
  const summary = typeof whenFull === 'object' ? whenFull.summary : undefined
  return summary?.words.trim() && gone > 0 ? Math.max(0, gone - summary.covers) : undefined
}

/** What the next continuation would begin from; undefined where the model takes no text. */
export function contextUse(text: string, model: Reader, whenFull?: WhenFull): ContextUse | undefined {
  if (!model.info.hasTokenizer) return undefined
  const { ids, total, kept, gone, summary } = promptIds(text, model, whenFull)
  const unsummarised = sinceSummary(gone.length, whenFull)
  const words = (part: readonly number[]) => model.tokenizer.decode(part).replace(/\s+/g, ' ').trim()
  return {
    text: total,
    seen: Math.min(ids.length - summary, total),
    kept,
    ...(unsummarised !== undefined && { unsummarised }),
    ...(gone.length > 0 && {
      gone: { from: words(gone.slice(0, SHOWN_TOKENS)), to: words(gone.slice(-SHOWN_TOKENS)) },
    }),
  }
}
