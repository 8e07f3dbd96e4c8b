/** Tokens as they come, shown at most once a frame. */
import type { Finish, Token } from '../../index.ts'
import { onceAFrame } from './frames.ts'

export interface Batch {
  readonly text: string
  readonly tokens: number
}

/** Runs `tokens` to their end, whose reason it returns. Nothing is held back when they end by an error. */
export async function batched(
  tokens: AsyncGenerator<Token, Finish, void>,
  show: (batch: Batch) => void,
): Promise<Finish> {
  let text = ''
  let count = 0
  const flush = () => {
    if (count === 0) return
    show({ text, tokens: count })
    text = ''
    count = 0
  }
  const soon = onceAFrame(flush)
  try {
    let next = await tokens.next()
    while (!next.done) {
      text += next.value.text.replace(/\r\n?/g, '\n') // as a textarea counts lines
      count++
      soon(undefined)
      next = await tokens.next()
    }
    return next.value
  } finally {
    soon.cancel()
    flush()
  }
}
