/** Tokens of a thought are marked, and the tags around it left out. */
import type { Finish, Token, Tokenizer } from '../engine/types.ts'
import { createThinkingSplitter, type Piece, type Tags } from './thinking.ts'
import type { Begun } from './unfinished.ts'

/** A tag at the end of a prompt is within its last tokens. */
const LAST_TOKENS = 16

/**
 * While the text of a token may still become a tag it is held back, and the last token with it, so that what is held
 * has a token to go with. A token in which a thought ends and the answer begins comes twice, once for each.
 * `begun`: the prompt ends within the model's turn.
 */
export async function* markThinking(
  tokens: AsyncGenerator<Token, Finish, void>,
  tokenizer: Tokenizer,
  prompt: readonly number[],
  begun?: Begun,
  tags?: Tags,
): AsyncGenerator<Token, Finish, void> {
  const splitter = createThinkingSplitter(shown(tokenizer, prompt.slice(-LAST_TOKENS)), begun, tags)
  let waiting: Token | undefined
  try {
    for (;;) {
      const { done, value } = await tokens.next()
      if (done) {
        if (waiting) yield* splitter.flush().reduce(withMore, [waiting])
        return value
      }
      if (waiting) yield waiting
      const pieces = splitter.push(textOf(value))
      const parts = pieces.length > 0 ? pieces : [{ text: '', thinking: splitter.thinking }]
      const marked = parts.map((piece, nth) => withPiece(nth === 0 ? value : again(value), piece))
      waiting = splitter.holds ? marked.pop() : undefined
      yield* marked
    }
  } finally {
    await tokens.return('stop')
  }

  /** Some models have tags as special tokens, which are no text. */
  function textOf({ id, text }: Token): string {
    if (text !== '') return text
    const tag = shown(tokenizer, [id])
    return splitter.awaits(tag) && tokenizer.decode([id]) === '' ? tag : ''
  }
}

function withPiece({ thinking: _, ...token }: Token, { text, thinking }: Piece): Token {
  return thinking ? { ...token, text, thinking } : { ...token, text }
}

/** The token with a piece that belongs to it, too; twice where that is of another kind. */
function withMore([token]: readonly Token[], piece: Piece): Token[] {
  if (!token) return []
  const alike = (token.thinking ?? false) === piece.thinking
  if (alike || token.text === '') return [withPiece(token, { ...piece, text: token.text + piece.text })]
  return [token, withPiece(again(token), piece)]
}

/** What was seen of a token comes once. */
const again = ({ seen: _, ...token }: Token): Token => token

const shown = (tokenizer: Tokenizer, ids: readonly number[]) =>
  tokenizer.decode(ids, { skipSpecialTokens: false, partial: true })
