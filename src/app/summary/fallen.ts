/** What of the open text, or conversation, is out of the model's sight: what a summary may stand for. */
import type { Message, Model } from '../../index.ts'
import { conversationOf } from '../chat/open-chat.ts'
import { promptIds } from '../engine/prompt.ts'
import { turnsInSight } from '../engine/turns-in-sight.ts'
import type { LibraryState } from '../library/store.ts'
import { messages } from '../library/turn-tree.ts'
import { itemOf, manuscriptOf } from '../manuscript/open-text.ts'
import type { WhenFull } from '../sampling/parameters.ts'

export interface Fallen {
  /** Of a conversation, each turn after who speaks. */
  readonly words: string
  /** Tokens of a text, or turns of a conversation. */
  readonly covers: number
}

/**
 * @param turn a turn of a conversation, with who speaks
 * @returns undefined where the model sees all of it
 * @throws HeadlightError where the template refuses the conversation
 */
export function fallenOut(
  library: LibraryState,
  model: Model,
  whenFull: WhenFull | undefined,
  turn: (isReader: boolean, words: string) => string,
): Fallen | undefined {
  const chat = conversationOf(library)
  if (chat) {
    const { gone } = turnsInSight(messages(chat, itemOf(library)?.system ?? ''), model, whenFull)
    const said = ({ role, content = '' }: Message) => turn(role === 'user', content)
    return gone.length > 0 ? { words: gone.map(said).join('\n\n'), covers: gone.length } : undefined
  }
  const { gone } = promptIds(manuscriptOf(library).text, model, whenFull)
  return gone.length > 0
    ? { words: model.tokenizer.decode(gone, { partial: true }).trim(), covers: gone.length }
    : undefined
}
