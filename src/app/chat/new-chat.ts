import type { LibraryState } from '../library/store.ts'
import { keptModel } from '../models/choice.ts'
import { forAnother } from '../sampling/parameters.ts'
import type { AppState } from '../store/app.ts'
import { conversationOf } from './open-chat.ts'

/** An answer is seldom longer; one that is can be continued. */
const ANSWER_TOKENS = 1024

/** Opens a conversation in which nothing was said; the open one, where it is that already. */
export function newChat(library: LibraryState, { model, sampling }: AppState): void {
  if (conversationOf(library)?.nodes.size === 1) return
  const values = { ...sampling.values, maxTokens: sampling.values.maxTokens ?? ANSWER_TOKENS }
  library.create('chat', { model: keptModel(model), sampling: { ...forAnother(sampling), values } })
}
