/** Who looks on while the model writes into the text, or answers. */
import type { Finish, Inspect, Token } from '../../index.ts'

export interface Onlooker {
  /** Asked as it begins to write, and each time that an answer slides through the context. */
  inspect(): Inspect
  /**
   * What the model reads: as it begins to write, and each time that the text slides through the context.
   * @param total tokens of the whole text
   */
  read(ids: readonly number[], total: number): void
  wrote(token: Token): void
}

/** `tokens`, each shown to the onlooker on its way. */
export async function* shownTo(
  onlooker: Onlooker,
  tokens: AsyncGenerator<Token, Finish, void>,
): AsyncGenerator<Token, Finish, void> {
  let next = await tokens.next()
  for (; !next.done; next = await tokens.next()) {
    onlooker.wrote(next.value)
    yield next.value
  }
  return next.value
}
