/** Token ids to text, one at a time, in whole characters. */
import type { Tokenizer } from '../engine/types.ts'

export interface TextStream {
  /** The text that this token completes: '' while a character waits for the rest of its bytes. */
  push(id: number): string
  /** What still waits when no token follows: U+FFFD for the bytes of an unfinished character, or ''. */
  flush(): string
}

// A character has at most four bytes, so the last one spans at most four tokens; the rest is ample.
const KEPT_TOKENS = 16

/**
 * Text that follows `promptIds`, special tokens left out. All pushes and the flush together are what decode(prompt and
 * text, { partial: true }) has beyond the characters that are complete in decode(prompt): a character once written
 * stays, whatever bytes follow. A token costs a decoding of at most 32 tokens,
 * however long the text: what a tokenizer writes for a token depends on whether something stands before it (a space at
 * the beginning is dropped) and on the unfinished bytes before it, and on nothing further back.
 */
export function createTextStream(tokenizer: Tokenizer, promptIds: readonly number[] = []): TextStream {
  // The last tokens that have text. Those without are dropped, lest nothing but them stays.
  let recent: number[] = []
  let text = ''
  /** How much of `text` is out. */
  let written = 0

  const decode = (ids: readonly number[]) => tokenizer.decode(ids, { partial: true })

  const accept = (id: number): void => {
    const longer = decode([...recent, id])
    if (longer === text && isSilent(id)) return
    recent.push(id)
    text = longer
  }

  const isSilent = (id: number) => decode([id]) === '' && (text !== '' || isSpecial(id))
  // A lone space at the beginning is no text either, but it matters: the next one will not be dropped.
  const isSpecial = (id: number) => decode([id]) !== tokenizer.decode([id], { partial: true, skipSpecialTokens: false })

  const forget = (): void => {
    if (text === '' || recent.length < 2 * KEPT_TOKENS) return
    const unwritten = text.length - written
    recent = recent.slice(-KEPT_TOKENS)
    text = decode(recent)
    written = text.length - unwritten
  }

  const tail: number[] = []
  for (let i = promptIds.length - 1; i >= 0 && tail.length < KEPT_TOKENS; i--) {
    const id = promptIds[i]!
    if (!isSpecial(id)) tail.unshift(id)
  }
  for (const id of tail) accept(id)
  written = complete(text)

  return {
    push(id) {
      accept(id)
      const end = complete(text)
      const fresh = text.slice(written, end)
      written = Math.max(written, end)
      forget()
      return fresh
    },
    flush() {
      const rest = text.slice(written)
      written = text.length
      return rest
    },
  }
}

/** How much of a partial text cannot change any more: an unfinished character decodes as one U+FFFD at the end. */
const complete = (text: string) => (text.endsWith('\uFFFD') ? text.length - 1 : text.length)
