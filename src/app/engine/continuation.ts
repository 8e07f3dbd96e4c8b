/** One continuation of a text, in as many stretches as the context makes of it. */
import { type Finish, type GenerateOptions, HeadlightError, type Model, type Session, type Token } from '../../index.ts'
import { readFormat } from '../sampling/json-format.ts'
import { LARGEST_SEED, type Manner, stopsWhenFull } from '../sampling/parameters.ts'
import { type Prompt, promptIds } from './prompt.ts'

export interface Continuation {
  /** The text so far. */
  readonly before: string
  readonly manner: Manner
  readonly seed: number
  /** The text has ended once: it may not end at once. */
  readonly pastEnd: boolean
  /** What is seen of each token, and what is changed in the model. */
  readonly looking?: Pick<GenerateOptions, 'inspect' | 'interventions'>
  readonly signal: AbortSignal
  /** Told what the model sees: at first, and again each time that the context was full. */
  readonly onPrompt: (prompt: Prompt) => void
}

const BANNED = -100 // as a logit bias: never sampled

/**
 * Writes on. Where the context is full and the text is to slide through it, the model reads again what stays in sight,
 * and writes on from there.
 * @throws HeadlightError as `Session.generate`; `bad-input` for JSON that is no schema
 */
export async function* continuation(
  session: Session,
  model: Pick<Model, 'tokenizer' | 'info'>,
  { before, manner, seed, pastEnd, looking, signal, onPrompt }: Continuation,
): AsyncGenerator<Token, Finish, void> {
  const { values, whenFull, json } = manner
  const options = { ...values, ...formOf(manner), ...(manner.endless && { ignoreEndOfText: true }), ...looking, signal }
  const ban = pastEnd && json === undefined // JSON ends where it is whole, and nowhere else
  let text = before
  let tokens = 0
  for (let stretch = 0; ; stretch++) {
    const prompt = promptIds(text, model, whenFull)
    onPrompt(prompt)
    const written = session.generate(prompt.ids, {
      ...options,
      ...(values.maxTokens !== undefined && { maxTokens: values.maxTokens - tokens }),
      seed: (seed + stretch) % (LARGEST_SEED + 1), // the same would begin with the same dice
      ...(ban && stretch === 0 && { logitBias: Object.fromEntries(model.info.endOfText.map((id) => [id, BANNED])) }),
    })
    let next = await written.next()
    for (; !next.done; next = await written.next()) {
      text += next.value.text
      tokens++
      yield next.value
    }
    if (next.value !== 'context-full' || stopsWhenFull(whenFull) || json !== undefined) return next.value
  }
}

/** Stop strings, or the format: a stop string would cut it. */
function formOf({ stop, json }: Manner): Pick<GenerateOptions, 'stop' | 'responseFormat'> {
  if (json === undefined) return { stop }
  const read = readFormat(json)
  if ('format' in read) return { responseFormat: read.format }
  const reason = read.fault.kind === 'not-json' ? read.fault.found : 'expected an object, true or false'
  throw new HeadlightError('bad-input', `responseFormat: the JSON Schema cannot be read: ${reason}`, {
    option: 'responseFormat',
    reason,
  })
}
