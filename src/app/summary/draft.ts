/** Has the model begin a summary, for the reader to go on with. */
import type { Message, Model } from '../../index.ts'
import { roomForSummary } from '../engine/prompt.ts'

const TEMPERATURE = 0.3 // a summary is to say what is there
const MOST_TOKENS = 300
const TEMPLATE_TOKENS = 64 // more than any template puts around two sentences

/** In the reader's language. */
export interface Asking {
  /** Of a model that converses, before the words. */
  readonly instruction: string
  /** Of one that only continues, behind them. */
  readonly cue: string
}

/** Tokens' text. Of words that are longer than the model can see, the latest. @throws HeadlightError; the signal's reason */
export async function* draftSummary(model: Model, words: string, asking: Asking, signal: AbortSignal) {
  const { info, tokenizer } = model
  const maxTokens = Math.min(roomForSummary(info.context), MOST_TOKENS)
  const plain = (text: string) => tokenizer.encode(text, { addSpecialTokens: false })
  const asked = plain(asking.instruction + asking.cue).length + TEMPLATE_TOKENS
  const room = Math.max(1, info.context - maxTokens - asked)
  const seen = tokenizer.decode(plain(words).slice(-room), { partial: true })
  const input: string | readonly Message[] = info.hasChatTemplate
    ? [{ role: 'user', content: `${asking.instruction}\n\n${seen}` }]
    : `${seen.trimEnd()}\n\n${asking.cue}`
  const session = model.session()
  try {
    for await (const { text, thinking } of session.generate(input, { temperature: TEMPERATURE, maxTokens, signal })) {
      if (!thinking) yield text
    }
  } finally {
    session.destroy()
  }
}
