/** Text to token ids and back, from a folder's tokenizer files. */
import type { Folder } from '../checkpoint/folder.ts'
import type { Tokenizer } from '../engine/types.ts'
import { HeadlightError } from '../errors.ts'
import { checkLists } from './check.ts'
import { loadLibrary, openVocabulary, type TokenizerJson, type TokenizersLibrary, tokenContent } from './library.ts'
import { tokenizerOfVocab } from './vocab-merges.ts'

export const TOKENIZER = 'tokenizer.json'
export const TOKENIZER_CONFIG = 'tokenizer_config.json'
const CHAT_TEMPLATE = 'chat_template.jinja'

export interface ModelTokenizer extends Tokenizer {
  /**
   * What an id adds inside a text: a part of a character, perhaps. At the beginning of a text, some tokenizers drop a
   * space of it. Undefined for special tokens, and for ids that are none.
   * @throws HeadlightError `unsupported` where it depends on the tokens beside it
   */
  tokenBytes(id: number): Uint8Array | undefined
}

/** The text of a folder's tokenizer files: a tokenizer.json, or the older ones that one can be made from. */
export interface TokenizerFiles {
  readonly tokenizer: string | VocabMergesFiles
  readonly config: string | undefined
  readonly chatTemplate: string | undefined
}

interface VocabMergesFiles {
  readonly vocab: string
  readonly merges: string
  readonly specialTokens: string | undefined
  readonly addedTokens: string | undefined
  readonly modelConfig: string | undefined
}

/** Undefined where the folder has neither tokenizer.json nor vocab.json and merges.txt. @throws HeadlightError `network` */
export async function readTokenizerFiles(folder: Folder, signal?: AbortSignal): Promise<TokenizerFiles | undefined> {
  const [json, config] = await Promise.all([folder.text(TOKENIZER, signal), folder.text(TOKENIZER_CONFIG, signal)])
  const tokenizer = json ?? (await readVocabMerges(folder, signal))
  if (tokenizer === undefined) return undefined
  // Chat templates are in the config, or in a file of their own; a config that says null has none in either.
  const elsewhere = config !== undefined && !config.includes('"chat_template"')
  return { tokenizer, config, chatTemplate: elsewhere ? await folder.text(CHAT_TEMPLATE, signal) : undefined }
}

async function readVocabMerges(folder: Folder, signal?: AbortSignal): Promise<VocabMergesFiles | undefined> {
  const read = (names: readonly string[]) => Promise.all(names.map((name) => folder.text(name, signal)))
  const [vocab, merges] = await read(['vocab.json', 'merges.txt'])
  if (vocab === undefined || merges === undefined) return undefined
  const hints = ['special_tokens_map.json', 'added_tokens.json', 'config.json']
  const [specialTokens, addedTokens, modelConfig] = await read(hints)
  return { vocab, merges, specialTokens, addedTokens, modelConfig }
}

/** @throws HeadlightError `bad-file`, `unsupported` */
export async function parseTokenizer(files: TokenizerFiles): Promise<ModelTokenizer> {
  return parse(await loadLibrary(), files)
}

/** Parses the files when they are first used: large vocabularies take a while. */
export async function lazyTokenizer(files: TokenizerFiles): Promise<Tokenizer> {
  const library = await loadLibrary()
  let parsed: Tokenizer | undefined
  const ready = () => {
    parsed ??= parse(library, files)
    return parsed
  }
  return {
    encode: (text, options) => ready().encode(text, options),
    decode: (ids, options) => ready().decode(ids, options),
  }
}

/** Stands in where a model came without tokenizer files. */
export const refusingTokenizer: ModelTokenizer = { encode: refuse, decode: refuse, tokenBytes: refuse }

function refuse(): never {
  throw new HeadlightError('no-tokenizer', `this model came without ${TOKENIZER}: give it token ids instead of text`, {
    file: TOKENIZER,
  })
}

function parse(library: TokenizersLibrary, files: TokenizerFiles): ModelTokenizer {
  const config = files.config === undefined ? undefined : parseJson(TOKENIZER_CONFIG, files.config)
  if (typeof files.tokenizer === 'string') return build(library, parseJson(TOKENIZER, files.tokenizer), config)
  const { vocab, merges, specialTokens, addedTokens, modelConfig } = files.tokenizer
  const object = (file: string, text: string | undefined) => {
    const value = text === undefined ? {} : parseJson(file, text)
    if (isObject(value)) return value
    throw notTokenizer(file)
  }
  const { model_type } = object('config.json', modelConfig)
  const hints = {
    config: config === undefined ? {} : object(TOKENIZER_CONFIG, files.config),
    specialTokens: object('special_tokens_map.json', specialTokens),
    addedTokens: object('added_tokens.json', addedTokens),
    modelType: typeof model_type === 'string' ? model_type : undefined,
  }
  const json = tokenizerOfVocab(parseJson('vocab.json', vocab), merges, hints)
  return build(library, json, { ...hints.specialTokens, ...hints.config })
}

/** @throws HeadlightError `bad-file` */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const start = text.slice(0, 40)
    throw new HeadlightError(
      'bad-file',
      `${file} is not JSON; it begins with: ${start}`,
      { file, found: start, expected: 'JSON' },
      { cause },
    )
  }
}

/**
 * A tokenizer from its parsed files; `config` is undefined where the folder has no tokenizer_config.json.
 * Decoding returns what the ids say, to the letter: spaces are not "cleaned up", and ids that the tokenizer does not
 * know (the rows beyond it of a padded embedding) are left out.
 * @throws HeadlightError `bad-file`: no tokenizer; `unsupported`: a model or a step that the library does not know
 */
export async function createTokenizer(tokenizer: unknown, config: unknown): Promise<ModelTokenizer> {
  return build(await loadLibrary(), tokenizer, config)
}

function build(library: TokenizersLibrary, tokenizer: unknown, config: unknown): ModelTokenizer {
  if (!isTokenizer(tokenizer)) throw notTokenizer(TOKENIZER)
  if (config !== undefined && !isObject(config)) throw notTokenizer(TOKENIZER_CONFIG)
  checkLists(tokenizer, TOKENIZER)
  const vocabulary = openVocabulary(library, tokenizer, config ?? {}, TOKENIZER)

  const rules = surroundings(tokenizer, config ?? {})
  const idsOf = (token: unknown): number[] => {
    const content = tokenContent(token)
    const id = content === undefined ? undefined : vocabulary.idOf(content)
    return id === undefined ? [] : [id]
  }
  const before = rules?.bos ? idsOf(config?.bos_token) : []
  const after = rules?.eos ? idsOf(config?.eos_token) : []

  return {
    encode(text, { addSpecialTokens = true } = {}) {
      const ids = vocabulary.encode(text, addSpecialTokens && !rules).filter((id) => id !== undefined)
      return addSpecialTokens ? [...before, ...ids, ...after] : ids
    },
    decode(ids, { skipSpecialTokens = true, partial = false } = {}) {
      const tokens = ids.filter((id) => !(skipSpecialTokens && vocabulary.isSpecial(id))).map(vocabulary.tokenOf)
      return vocabulary.decode(
        tokens.filter((token) => token !== undefined),
        partial,
      )
    },
    tokenBytes: vocabulary.bytesOf,
  }
}

/** These classes take add_bos_token and add_eos_token from their config, whatever tokenizer.json says. */
const CONFIG_DECIDES = /^(Llama|CodeLlama|Gemma|Cohere)Tokenizer(Fast)?$/

/** What goes around a text; undefined where tokenizer.json's post-processor says it. */
function surroundings({ post_processor }: TokenizerJson, config: Readonly<Record<string, unknown>>) {
  const { add_bos_token, add_eos_token, tokenizer_class } = config
  const silent = !post_processor || (isObject(post_processor) && post_processor.type === 'ByteLevel')
  if (silent) return { bos: add_bos_token === true, eos: add_eos_token === true }
  const decides = typeof tokenizer_class === 'string' && CONFIG_DECIDES.test(tokenizer_class)
  if (!decides || (typeof add_bos_token !== 'boolean' && typeof add_eos_token !== 'boolean')) return undefined
  return { bos: add_bos_token !== false, eos: add_eos_token === true }
}

function isTokenizer(value: unknown): value is TokenizerJson {
  return isObject(value) && isObject(value.model)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const notTokenizer = (file: string) =>
  new HeadlightError('bad-file', `${file} describes no tokenizer`, {
    file,
    expected: 'a tokenizer of the tokenizers library',
  })
