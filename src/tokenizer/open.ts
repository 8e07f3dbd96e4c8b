/** The tokenizer of whatever a model may come from: its own files, or the metadata of a GGUF file. */
import { chooseWeights } from '../checkpoint/choose.ts'
import { missingFile } from '../checkpoint/folder.ts'
import { openGguf } from '../checkpoint/gguf.ts'
import { openPlace, type Place } from '../checkpoint/place.ts'
import { parseSource } from '../checkpoint/source.ts'
import type { ModelSource, Tokenizer, TokenizerOptions } from '../engine/types.ts'
import { ggufTokenizerFiles } from './gguf.ts'
import { parseTokenizer, readTokenizerFiles, TOKENIZER, type TokenizerFiles } from './index.ts'

/** @throws HeadlightError as `loadTokenizer` says */
export async function openTokenizer(source: ModelSource, options: TokenizerOptions): Promise<Tokenizer> {
  const { hub, token, signal } = options
  const place = await openPlace(parseSource(source, { hub }), { token })
  const files = (await ownFiles(place, signal)) ?? (await filesInWeights(place, signal))
  if (!files) throw missingFile(place, TOKENIZER)
  return parseTokenizer(files)
}

const isGguf = (name = '') => /\.gguf$/i.test(name)

/** Undefined where the folder has none, or where a GGUF file is meant and not its folder. */
async function ownFiles(place: Place, signal: AbortSignal | undefined): Promise<TokenizerFiles | undefined> {
  return isGguf(place.source.file) ? undefined : readTokenizerFiles(place, signal)
}

/** Undefined where the weights are no GGUF file, or one without tokenizer. */
async function filesInWeights(place: Place, signal: AbortSignal | undefined): Promise<TokenizerFiles | undefined> {
  const listed = await place.list(signal)
  if (!isGguf(place.source.file) && !listed?.some(({ name }) => isGguf(name))) return undefined
  const { format, file } = chooseWeights(place.source, listed)
  if (format !== 'gguf' || file === undefined) return undefined
  const { metadata } = await openGguf(place, file, signal ? { signal } : {})
  return ggufTokenizerFiles(metadata)
}
