/** Text to token ids and back: `@huggingface/tokenizers` over a folder's tokenizer.json. */
import type { Tokenizer as Library } from '@huggingface/tokenizers'
import { type Folder, missingFile, openFolder } from '../checkpoint/folder.ts'
import type { Tokenizer } from '../engine/types.ts'
import { HeadlightError } from '../errors.ts'

const TOKENIZER = 'tokenizer.json'
const CONFIG = 'tokenizer_config.json'

/** The text of a folder's tokenizer files. */
export interface TokenizerFiles {
  readonly tokenizer: string
  readonly config: string | undefined
}

/**
 * The tokenizer of a model's folder, without the model and without a GPU.
 * @throws HeadlightError `missing-file` where the folder has no tokenizer.json; `bad-file`, `unsupported`, `network`
 */
export async function loadTokenizer(source: string | URL, signal?: AbortSignal): Promise<Tokenizer> {
  const folder = openFolder(source)
  const files = await readTokenizerFiles(folder, signal)
  if (!files) throw missingFile(folder, TOKENIZER)
  return parseTokenizer(files)
}

/** Undefined where the folder has no tokenizer.json. @throws HeadlightError `network` */
export async function readTokenizerFiles(folder: Folder, signal?: AbortSignal): Promise<TokenizerFiles | undefined> {
  const [tokenizer, config] = await Promise.all([folder.text(TOKENIZER, signal), folder.text(CONFIG, signal)])
  return tokenizer === undefined ? undefined : { tokenizer, config }
}

/** @throws HeadlightError `bad-file`, `unsupported` */
export async function parseTokenizer({ tokenizer, config }: TokenizerFiles): Promise<Tokenizer> {
  return createTokenizer(parse(TOKENIZER, tokenizer), config === undefined ? undefined : parse(CONFIG, config))
}

/** Parses the files when they are first used: large vocabularies take a while. */
export async function lazyTokenizer({ tokenizer, config }: TokenizerFiles): Promise<Tokenizer> {
  const { Tokenizer: library } = await import('@huggingface/tokenizers')
  let parsed: Tokenizer | undefined
  const ready = () => {
    parsed ??= build(library, parse(TOKENIZER, tokenizer), config === undefined ? undefined : parse(CONFIG, config))
    return parsed
  }
  return {
    encode: (text, options) => ready().encode(text, options),
    decode: (ids, options) => ready().decode(ids, options),
  }
}

/** Stands in where a model came without tokenizer files. */
export const refusingTokenizer: Tokenizer = { encode: refuse, decode: refuse }

function refuse(): never {
  throw new HeadlightError('no-tokenizer', `this model came without ${TOKENIZER}: give it token ids instead of text`, {
    file: TOKENIZER,
  })
}

function parse(file: string, text: string): unknown {
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
export async function createTokenizer(tokenizer: unknown, config: unknown): Promise<Tokenizer> {
  const { Tokenizer: library } = await import('@huggingface/tokenizers')
  return build(library, tokenizer, config)
}

function build(constructor: typeof Library, tokenizer: unknown, config: unknown): Tokenizer {
  if (!isObject(tokenizer) || !isObject(tokenizer.model)) throw notTokenizer(TOKENIZER)
  if (config !== undefined && !isObject(config)) throw notTokenizer(CONFIG)
  const library = construct(constructor, tokenizer, config ?? {})

  // Where tokenizer.json says nothing of what goes around a text, the config's flags do.
  const around = (flag: string, token: string): number[] => {
    if (tokenizer.post_processor || config?.[flag] !== true) return []
    const named = config[token]
    const content = isObject(named) ? named.content : named
    const id = typeof content === 'string' ? library.token_to_id(content) : undefined
    return id === undefined ? [] : [id]
  }
  const before = around('add_bos_token', 'bos_token')
  const after = around('add_eos_token', 'eos_token')

  return {
    encode(text, { addSpecialTokens = true } = {}) {
      // Undefined comes from vocabularies that do not have a character and no token for "unknown".
      const ids = library.encode(text, { add_special_tokens: addSpecialTokens }).ids.filter((id) => id !== undefined)
      return addSpecialTokens ? [...before, ...ids, ...after] : ids
    },
    decode(ids, { skipSpecialTokens = true } = {}) {
      const known = ids.filter((id) => library.id_to_token(id) !== undefined)
      if (known.length === 0) return ''
      return library.decode(known, { skip_special_tokens: skipSpecialTokens, clean_up_tokenization_spaces: false })
    },
  }
}

function construct(constructor: typeof Library, tokenizer: object, config: object): Library {
  try {
    return new constructor(tokenizer, config)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HeadlightError(
      'unsupported',
      `${TOKENIZER} cannot be used: ${reason}`,
      { file: TOKENIZER, reason },
      { cause },
    )
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const notTokenizer = (file: string) =>
  new HeadlightError('bad-file', `${file} describes no tokenizer`, {
    file,
    expected: 'a tokenizer of the tokenizers library',
  })
