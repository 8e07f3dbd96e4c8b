/**
 * `@huggingface/tokenizers`, made to agree with the tokenizers library in Rust that models are trained with. The only
 * file that knows the library. Where the two differ (version 0.2.0), steps of the loaded tokenizer are replaced:
 *
 * - ByteFallback (decoding): a run of byte tokens that is no UTF-8 is one U+FFFD for each byte; U+FEFF stays.
 * - Metaspace (decoding): the first token loses all its spaces, or none with `prepend_scheme: never`.
 * - BPE with `end_of_word_suffix` (decoding): the text is not trimmed.
 * - Metaspace: `add_prefix_space`, the older spelling of `prepend_scheme`.
 * - Unigram: `byte_fallback`.
 * - BertNormalizer: Chinese characters beyond U+FFFF stand alone, too.
 * - Precompiled: what the character map says, instead of NFKC.
 * - Digits, Whitespace: digits and letters of all scripts.
 * - ByteLevel, WhitespaceSplit: white space is what Unicode says it is.
 *
 * And one is made quicker: BPE of a text in one piece, word by word.
 */
import type * as Library from '@huggingface/tokenizers'
import { HeadlightError } from '../errors.ts'
import { byteToken, joinBytes } from './byte-fallback.ts'
import { characterMap } from './precompiled.ts'
import { tokenBytesReader } from './token-bytes.ts'

export type TokenizersLibrary = typeof Library

/** A parsed tokenizer.json, as far as its own shape matters here. */
export interface TokenizerJson {
  readonly model: Readonly<Record<string, unknown>>
  readonly post_processor?: unknown
  readonly [field: string]: unknown
}

export interface Vocabulary {
  /** Undefined stands for a character that the vocabulary has no token for, not even "unknown". */
  encode(text: string, addSpecialTokens: boolean): (number | undefined)[]
  /** `partial`: bytes that are no character become one U+FFFD together, and leave their neighbours whole. */
  decode(tokens: readonly string[], partial: boolean): string
  tokenOf(id: number): string | undefined
  idOf(token: string): number | undefined
  isSpecial(id: number): boolean
  /**
   * What the id adds inside a text; undefined for special tokens, and for ids that are none.
   * @throws HeadlightError `unsupported` where tokens have no text of their own
   */
  bytesOf(id: number): Uint8Array | undefined
}

export const loadLibrary = (): Promise<TokenizersLibrary> => import('@huggingface/tokenizers')

/**
 * @throws HeadlightError `unsupported`: a model or a step that the library does not know, or that fails: now, or when it
 *   is first used
 */
export function openVocabulary(
  library: TokenizersLibrary,
  json: TokenizerJson,
  config: object,
  file: string,
): Vocabulary {
  const refusing = <T>(use: () => T): T => {
    try {
      return use()
    } catch (cause) {
      if (cause instanceof HeadlightError) throw cause
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new HeadlightError('unsupported', `${file} cannot be used: ${reason}`, { file, reason }, { cause })
    }
  }
  const { encode, decode, ...lookups } = refusing(() => open(library, json, config))
  return {
    ...lookups,
    encode: (text, addSpecialTokens) => refusing(() => encode(text, addSpecialTokens)),
    decode: (tokens, partial) => refusing(() => decode(tokens, partial)),
  }
}

function open(library: TokenizersLibrary, json: TokenizerJson, config: object): Vocabulary {
  const reading: Reading = { partial: false }
  const tokenizer = new library.Tokenizer(json, config)
  const steps = stepsOf(library, tokenizer)
  for (const step of steps) repair(library, step, reading)
  const { model } = tokenizer
  if (json.model.byte_fallback === true && model instanceof library.Unigram) fallBackToBytes(model)
  if (model instanceof library.BPE) cutIntoWords(model)

  const special = new Set(
    [...tokenizer.get_added_tokens_decoder()].filter(([, { special }]) => special).map(([id]) => id),
  )
  for (const token of extraSpecialTokens(config)) {
    const id = tokenizer.token_to_id(token)
    if (id !== undefined) special.add(id)
  }

  let bytesOfToken: ReturnType<typeof tokenBytesReader> | undefined

  return {
    encode: (text, addSpecialTokens) => tokenizer.encode(text, { add_special_tokens: addSpecialTokens }).ids,
    decode(tokens, partial) {
      reading.partial = partial
      return tokenizer.decoder ? tokenizer.decoder.decode([...tokens]) : tokens.join(' ')
    },
    tokenOf: (id) => tokenizer.id_to_token(id),
    idOf: (token) => tokenizer.token_to_id(token),
    isSpecial: (id) => special.has(id),
    bytesOf(id) {
      const token = special.has(id) ? undefined : tokenizer.id_to_token(id)
      if (token === undefined) return undefined
      bytesOfToken ??= tokenBytesReader(
        library,
        tokenizer.decoder,
        steps.filter((step) => step instanceof library.Decoder),
        new Set([...tokenizer.get_added_tokens_decoder().values()].map(({ content }) => content)),
      )
      return bytesOfToken(token)
    },
  }
}

/** How bytes are to be read by the decoding that runs. */
interface Reading {
  partial: boolean
}

type Step = Library.Normalizer | Library.PreTokenizer | Library.Decoder

/** Every step of the tokenizer, those inside sequences included. */
function stepsOf(library: TokenizersLibrary, { normalizer, pre_tokenizer, decoder }: Library.Tokenizer): Step[] {
  const flat = (step: Step | null): Step[] => {
    if (step === null) return []
    if (step instanceof library.SequenceNormalizer) return step.normalizers.flatMap(flat)
    if (step instanceof library.SequencePreTokenizer) return step.tokenizers.flatMap(flat)
    if (step instanceof library.SequenceDecoder) return step.decoders.flatMap(flat)
    return [step]
  }
  return [normalizer, pre_tokenizer, decoder].flatMap(flat)
}

function repair(library: TokenizersLibrary, step: Step, reading: Reading): void {
  const config: Readonly<Record<string, unknown>> = { ...('config' in step && Object(step.config)) }
  if (step instanceof library.ByteFallbackDecoder) {
    step.decode_chain = (tokens) => joinBytes(tokens, reading.partial)
  } else if (step instanceof library.MetaspaceDecoder) {
    const replacement = typeof config.replacement === 'string' ? config.replacement : '▁'
    const keepsFirst = config.prepend_scheme === 'never' || config.add_prefix_space === false
    step.decode_chain = (tokens) =>
      tokens.map((token, i) => token.replaceAll(replacement, i === 0 && !keepsFirst ? '' : ' '))
  } else if (step instanceof library.BertNormalizer) {
    const normalize = step.normalize.bind(step)
    if (config.handle_chinese_chars) step.normalize = (text) => normalize(text.replace(FAR_IDEOGRAPHS, ' $& '))
  } else if (step instanceof library.PrecompiledNormalizer) {
    if (typeof config.precompiled_charsmap === 'string') step.normalize = characterMap(config.precompiled_charsmap)
  } else if (step instanceof library.DigitsPreTokenizer) {
    const pattern = config.individual_digits ? /\P{N}+|\p{N}/gu : /\P{N}+|\p{N}+/gu
    step.pre_tokenize_text = (text) => text.match(pattern) ?? []
  } else if (step instanceof library.MetaspacePreTokenizer) {
    if (config.add_prefix_space === false) step.prepend_scheme = 'never'
  } else if (step instanceof library.ByteLevelPreTokenizer) {
    step.pattern = GPT2_WORDS
  } else if (step instanceof library.WhitespaceSplitPreTokenizer) {
    step.pre_tokenize_text = (text) => text.match(/\P{White_Space}+/gu) ?? []
  } else if (step instanceof library.WhitespacePreTokenizer) {
    step.pre_tokenize_text = (text) => text.match(WORDS) ?? []
  }
}

const FAR_IDEOGRAPHS =
  /[\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu
// White space as Unicode has it: JavaScript's \s takes U+FEFF for a space, and U+0085 for none.
const GPT2_WORDS =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu
const WORDS =
  /[\p{Join_C}\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]+|[^\p{Join_C}\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{White_Space}]+/gu

/** Pieces that are not in the vocabulary become their bytes, where all of those are. */
function fallBackToBytes(model: Library.Unigram): void {
  const encode = model.encode.bind(model)
  const utf8 = new TextEncoder()
  model.encode = (tokens) =>
    encode(tokens).flatMap((piece) => {
      if (model.tokens_to_ids.has(piece)) return [piece]
      const bytes = [...utf8.encode(piece)].map(byteToken)
      return bytes.every((byte) => model.tokens_to_ids.has(byte)) ? bytes : [piece]
    })
}

const SPACE = '▁'
const SPACED_WORDS = /▁*[^▁]+|▁+/g

/**
 * Where spaces are letters of the vocabulary, a text comes in one piece, and merging it takes far longer than merging its
 * words, which repeat. Unless a merge joins a word to the space behind it, the tokens are the same.
 */
function cutIntoWords(model: Library.BPE): void {
  const { merges, ignore_merges, continuing_subword_suffix, end_of_word_suffix } = model
  if (!model.tokens_to_ids.has(SPACE) || ignore_merges || continuing_subword_suffix || end_of_word_suffix) return
  if (merges.some(([word, next]) => !word.endsWith(SPACE) && next.startsWith(SPACE))) return
  const encode = model.encode.bind(model)
  model.encode = (texts) => encode(texts.flatMap((text) => text.match(SPACED_WORDS) ?? []))
}

function extraSpecialTokens(config: object): string[] {
  const listed = 'additional_special_tokens' in config ? config.additional_special_tokens : []
  return Array.isArray(listed) ? listed.map(tokenContent).filter((token) => token !== undefined) : []
}

/** The text of a token as configs write it: a string, or an object with `content`. */
export function tokenContent(token: unknown): string | undefined {
  const content = typeof token === 'object' && token !== null && 'content' in token ? token.content : token
  return typeof content === 'string' ? content : undefined
}
