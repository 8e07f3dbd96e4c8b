/** Sampled ids become tokens with text: whole characters only, cut before a stop string. */
import type { Finish, Seen, Token, Tokenizer } from '../engine/types.ts'
import { createStopCutter } from '../tokenizer/stop.ts'
import { createTextStream } from '../tokenizer/stream.ts'
import type { Drawn } from './decode.ts'
import { speller } from './spell.ts'

export interface WriteOptions {
  /** Undefined: a model without tokenizer, whose tokens have no text. */
  readonly tokenizer: Tokenizer | undefined
  readonly prompt: readonly number[]
  readonly stop: readonly string[]
  /** Tokens come with what was seen of them. */
  readonly inspected: boolean
}

/**
 * While the text of a token may still become part of a stop string it is held back, and the token with it: one token
 * waits at most, so that what is held has a token to go with when the writing ends for another reason.
 */
export async function* write(
  sampled: AsyncGenerator<Drawn, Finish, void>,
  { tokenizer, prompt, stop, inspected }: WriteOptions,
): AsyncGenerator<Token, Finish, void> {
  const stream = tokenizer && createTextStream(tokenizer, prompt)
  const cutter = createStopCutter(stop)
  const spell = speller(tokenizer)
  let waiting: Token | undefined
  try {
    for (;;) {
      const { done, value } = await sampled.next()
      if (done) {
        const rest = cutter.flush()
        if (waiting) yield { ...waiting, text: waiting.text + rest }
        return value
      }
      const whole = stream?.push(value.id) ?? ''
      const { text, stopped } = cutter.push(whole)
      if (waiting && !(stopped && waiting.text === '')) yield waiting
      const token = withText(value, text)
      if (stopped) {
        if (text !== '') yield token
        return 'stop'
      }
      waiting = cutter.holds ? token : undefined
      if (!waiting) yield token
    }
  } finally {
    await sampled.return('stop')
  }

  function withText(drawn: Drawn, text: string): Token {
    const { id, logprob, top } = drawn
    const token = { id, text, logprob, ...(top && { top: spell(top) }) }
    return inspected ? { ...token, seen: seenOf(drawn) } : token
  }

  /** The pass that drew a token is that of the position before. */
  function seenOf({ id, logprob, position, probability, layers }: Drawn): Seen {
    const seen = { position, id, row: position - 1, ...layers }
    if (!probability) return seen
    const { top, drawn } = probability
    const spelled = { ...probability, top: spell(top), drawn: { ...drawn, top: spell(drawn.top) } }
    return { ...seen, probability: { logprob, ...spelled } }
  }
}
