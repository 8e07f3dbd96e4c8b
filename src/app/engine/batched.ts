/** Tokens as they come, shown at most once a frame. */
import type { Finish, Token } from '../../index.ts'
import { onceAFrame } from './frames.ts'

export interface Batch {
  readonly text: string
  /** Of the model's thoughts, before it answers. */
  readonly thinking: string
  readonly tokens: number
  /** Of these, tokens of thoughts. */
  readonly thoughts: number
}

/** Runs `tokens` to their end, whose reason it returns. Nothing is held back when they end by an error. */
export async function batched(
  tokens: AsyncGenerator<Token, Finish, void>,
  show: (batch: Batch) => void,
): Promise<Finish> {
  const nothing: Batch = { text: '', thinking: '', tokens: 0, thoughts: 0 }
  let batch = nothing
  const flush = () => {
    if (batch.tokens === 0) return
    show(batch)
    batch = nothing
  }
  const soon = onceAFrame(flush)
  try {
    let next = await tokens.next()
    while (!next.done) {
      batch = withToken(batch, next.value)
      soon(undefined)
      next = await tokens.next()
    }
    return next.value
  } finally {
    soon.cancel()
    flush()
  }
}

function withToken({ text, thinking, tokens, thoughts }: Batch, token: Token): Batch {
  const more = token.text.replace(/\r\n?/g, '\n') // as a textarea counts lines
  return token.thinking
    ? { text, thinking: thinking + more, tokens: tokens + 1, thoughts: thoughts + 1 }
    : { text: text + more, thinking, tokens: tokens + 1, thoughts }
}
