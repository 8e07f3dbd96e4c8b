/** A model's tokenizer without the model. */
import type { ModelSource, Tokenizer, TokenizerOptions } from '../engine/types.ts'

/**
 * The tokenizer that `engine.load(source)` would give a model. Needs no GPU, fetches no weight, and stores nothing; what
 * is stored is not fetched again.
 * @throws HeadlightError `missing-file` where there is no tokenizer; `bad-file`, `unsupported`, `bad-input`, `network`,
 *   `no-access`; the signal's reason when it aborts
 */
export async function loadTokenizer(source: ModelSource, options: TokenizerOptions = {}): Promise<Tokenizer> {
  const { openTokenizer } = await import('./open.ts') // a page whose engine is in a worker needs not fetch it
  return openTokenizer(source, options)
}
