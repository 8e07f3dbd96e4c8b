/** A turn of the model's own that goes on. */
import type { Message } from '../engine/types.ts'
import { HeadlightError } from '../errors.ts'
import type { Tags } from './thinking.ts'

/** What the model says next, after what it said of its turn: more of a thought, or of the answer. */
export type Begun = 'thought' | 'answer'

export const begunBy = ({ reasoning_content, content }: Message): Begun | undefined =>
  content ? 'answer' : reasoning_content ? 'thought' : undefined

/** @throws HeadlightError `bad-input` where the last message is not the model's */
export function splitUnfinished(messages: readonly Message[]): [before: readonly Message[], last: Message] {
  const last = messages.at(-1)
  if (last?.role === 'assistant') return [messages.slice(0, -1), last]
  const message = `the last message is of the role ${last?.role}; continueLast expects one of the assistant`
  throw new HeadlightError('bad-input', message, { option: 'messages', found: `${last?.role}`, expected: 'assistant' })
}

/** `prompt`, which ends with the beginning of the model's turn and may begin a thought there, and the turn so far. */
export function withUnfinished(prompt: string, last: Message, [open, close]: Tags): string {
  const { reasoning_content: thought = '', content = '' } = last
  const begun = prompt.trimEnd().endsWith(open)
  const line = prompt.endsWith('\n') ? '' : '\n'
  const opening = thought === '' ? '' : begun ? line : `${open}\n`
  const closing = content !== '' && (begun || thought !== '') ? `\n${close}\n\n` : ''
  return prompt + opening + thought + closing + content
}
