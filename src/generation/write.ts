/** Sampled ids become tokens with text: whole characters only, cut before a stop string. */
import type { Finish, Token, Tokenizer } from '../engine/types.ts'
import { createStopCutter } from '../tokenizer/stop.ts'
import { createTextStream } from '../tokenizer/stream.ts'
import type { Sampled } from './sampler.ts'

export interface WriteOptions {
  /** Undefined: a model without tokenizer, whose tokens have no text. */
  readonly tokenizer: Tokenizer | undefined
  readonly prompt: readonly number[]
  readonly stop: readonly string[]
}

/**
 * While the text of a token may still become part of a stop string it is held back, and the token with it: one token
 * waits at most, so that what is held has a token to go with when the writing ends for another reason.
 */
export async function* write(
  sampled: AsyncGenerator<Sampled, Finish, void>,
  { tokenizer, prompt, stop }: WriteOptions,
): AsyncGenerator<Token, Finish, void> {
  const stream = tokenizer && createTextStream(tokenizer, prompt)
  const cutter = createStopCutter(stop)
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

  function withText({ id, logprob, top }: Sampled, text: string): Token {
    if (!top) return { id, text, logprob }
    return { id, text, logprob, top: top.map((other) => ({ ...other, text: tokenizer?.decode([other.id]) ?? '' })) }
  }
}
