/** How a model converses, from the files of its tokenizer. */
import { type ModelChat, openChat, plainChat } from '../chat/chat.ts'
import { parseJson, TOKENIZER_CONFIG, type TokenizerFiles } from '../tokenizer/index.ts'
import type { Input, Message, Tokenizer } from './types.ts'

/** @throws HeadlightError `bad-file` */
export async function chatOf(files: TokenizerFiles | undefined): Promise<ModelChat> {
  if (!files) return plainChat
  const config = files.config === undefined ? undefined : parseJson(TOKENIZER_CONFIG, files.config)
  return openChat({ config, template: files.chatTemplate })
}

/** Ids that end the model's turn, where each is one token. */
export function turnEndsOf({ turnEnds }: ModelChat, tokenizer: Tokenizer): number[] {
  return turnEnds.flatMap((token) => {
    const ids = tokenizer.encode(token, { addSpecialTokens: false })
    return ids.length === 1 ? ids : []
  })
}

/** Whether an input is messages; an empty list is not. */
export const isConversation = (input: Input): input is readonly Message[] =>
  typeof input !== 'string' && typeof input[0] === 'object'
