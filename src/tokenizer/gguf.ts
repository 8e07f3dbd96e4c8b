/** The tokenizer in a GGUF file's metadata, as the files of a folder say it: tokenizer.json and tokenizer_config.json. */
import { HeadlightError, spell } from '../errors.ts'
import { byteToken } from './byte-fallback.ts'
import { WORDS, type Words } from './gguf-words.ts'
import type { TokenizerFiles } from './index.ts'

type Metadata = Readonly<Record<string, unknown>>

/**
 * Undefined where the file has no tokenizer.
 * @throws HeadlightError `unsupported`: a kind of tokenizer or of pre-tokenizer that is not known; `bad-file`
 */
export function ggufTokenizerFiles(metadata: Metadata): TokenizerFiles | undefined {
  const model = metadata[`${KEY}model`]
  if (model === undefined || model === 'none' || model === 'no_vocab') return undefined
  const kind = Object.hasOwn(KINDS, String(model)) ? KINDS[String(model)] : undefined
  if (!kind) throw unsupported('model', model, Object.keys(KINDS))
  const vocabulary = readVocabulary(metadata)
  const { tokenizer, start } = kind(vocabulary, metadata)
  return {
    tokenizer: JSON.stringify({ ...tokenizer, added_tokens: addedTokens(vocabulary, metadata) }),
    config: JSON.stringify(configOf(vocabulary, metadata, start)),
    chatTemplate: undefined,
  }
}

const KEY = 'tokenizer.ggml.'

interface Vocabulary {
  readonly tokens: readonly string[]
  readonly types: ArrayLike<number>
}

/** `token_type`, as SentencePiece counts them. */
const [NORMAL, CONTROL, USER_DEFINED] = [1, 3, 4]

interface Kind {
  readonly tokenizer: Readonly<Record<string, unknown>>
  /** Whether a text begins with the start token where the file does not say. */
  readonly start: boolean
}

const KINDS: Readonly<Record<string, (vocabulary: Vocabulary, metadata: Metadata) => Kind>> = {
  gpt2: byteLevel,
  llama: sentencePiece,
}

const BPE = { type: 'BPE', dropout: null, unk_token: null, fuse_unk: false, byte_fallback: false }

function byteLevel({ tokens }: Vocabulary, metadata: Metadata): Kind {
  const words = wordsOf(metadata)
  const merges = stringsOf(metadata, 'merges').map((merge) => {
    const space = merge.indexOf(' ', 1) // a token may begin with one
    return [merge.slice(0, space), merge.slice(space + 1)]
  })
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }
  return {
    tokenizer: {
      normalizer: words.normalizer ?? null,
      pre_tokenizer: { type: 'Sequence', pretokenizers: [...words.steps, bytes] },
      post_processor: null,
      decoder: bytes,
      model: { ...BPE, ignore_merges: words.ignoreMerges === true, vocab: idsOf(tokens), merges },
    },
    start: words.start === true,
  }
}

function wordsOf(metadata: Metadata): Words {
  const pre = metadata[`${KEY}pre`] ?? 'default'
  if (typeof pre === 'string' && Object.hasOwn(WORDS, pre)) return WORDS[pre]!
  throw unsupported('pre', pre, Object.keys(WORDS))
}

/** SentencePiece's BPE: neighbours that make the token of the highest score join first. Spaces are written as ▁. */
function sentencePiece({ tokens, types }: Vocabulary, metadata: Metadata): Kind {
  const prefix = metadata[`${KEY}add_space_prefix`] !== false
  const space = { type: 'Replace', pattern: { String: ' ' }, content: '▁' }
  const unknown = tokens[numberOf(metadata, 'unknown_token_id') ?? 0] ?? null
  const ids = idsOf(tokens)
  return {
    tokenizer: {
      normalizer: prefix ? { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, space] } : space,
      pre_tokenizer: null,
      post_processor: null,
      decoder: {
        type: 'Sequence',
        decoders: [
          { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
          { type: 'ByteFallback' },
          { type: 'Fuse' },
          ...(prefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
        ],
      },
      model: {
        ...BPE,
        unk_token: unknown,
        fuse_unk: true,
        byte_fallback: Object.hasOwn(ids, byteToken(0)),
        vocab: ids,
        merges: mergesOf(tokens, types, numbersOf(metadata, 'scores')),
      },
    },
    start: true,
  }
}

/** Every pair of tokens that makes a token, those that make one of a higher score first. */
function mergesOf(tokens: readonly string[], types: ArrayLike<number>, scores: ArrayLike<number>): [string, string][] {
  if (scores.length !== tokens.length) throw bad('scores', `${scores.length} numbers`, 'one for each token')
  const ids = new Map(tokens.map((token, id) => [token, id]))
  const made: { pair: [string, string]; score: number; left: number; right: number }[] = []
  tokens.forEach((token, id) => {
    if (types[id] !== NORMAL || token.length > LONGEST) return
    for (let cut = 1; cut < token.length; cut++) {
      const pair: [string, string] = [token.slice(0, cut), token.slice(cut)]
      const [left, right] = [ids.get(pair[0]), ids.get(pair[1])]
      if (left !== undefined && right !== undefined) made.push({ pair, score: scores[id]!, left, right })
    }
  })
  return made.sort((a, b) => b.score - a.score || a.left - b.left || a.right - b.right).map(({ pair }) => pair)
}

// Several times the longest of real vocabularies; trying every cut of a token takes the square of its length.
const LONGEST = 512

/** Tokens that are found in a text before it is cut into words. */
function addedTokens({ tokens, types }: Vocabulary, metadata: Metadata): object[] {
  const spm = metadata[`${KEY}model`] === 'llama'
  const phi3 = spm && metadata['general.architecture'] === 'phi3'
  return tokens.flatMap((token, id) => {
    const special = types[id] === CONTROL
    if (!special && types[id] !== USER_DEFINED) return []
    return {
      id,
      content: spm && !special ? token.replaceAll('▁', ' ') : token,
      single_word: false,
      lstrip: false,
      // Phi-3's tokens swallow the line break behind them; no field of the file says so.
      rstrip: phi3 && special && !PHI3_PLAIN.has(token),
      normalized: false,
      special,
    }
  })
}

const PHI3_PLAIN: ReadonlySet<string> = new Set(['<unk>', '<s>', '<|endoftext|>'])

/** What a tokenizer_config.json says of this tokenizer. */
function configOf({ tokens }: Vocabulary, metadata: Metadata, start: boolean): object {
  const token = (name: string) => {
    const id = numberOf(metadata, `${name}_token_id`)
    return id === undefined ? null : (tokens[id] ?? null)
  }
  const flag = (name: string, otherwise: boolean) => {
    const value = metadata[KEY + name]
    return typeof value === 'boolean' ? value : otherwise
  }
  return {
    add_bos_token: flag('add_bos_token', start),
    add_eos_token: flag('add_eos_token', false),
    bos_token: token('bos'),
    eos_token: token('eos'),
    unk_token: token('unknown'),
    pad_token: token('padding'),
    chat_template: chatTemplates(metadata),
  }
}

/** A template, or several by their names; null where there is none. */
function chatTemplates(metadata: Metadata): string | { name: string; template: string }[] | null {
  const plain = metadata['tokenizer.chat_template']
  const named = Object.entries(metadata)
    .filter((entry): entry is [string, string] => /^tokenizer\.chat_template\./.test(entry[0]) && isString(entry[1]))
    .map(([key, template]) => ({ name: key.slice('tokenizer.chat_template.'.length), template }))
  if (!isString(plain)) return named.length > 0 ? named : null
  return named.length > 0 ? [{ name: 'default', template: plain }, ...named] : plain
}

function readVocabulary(metadata: Metadata): Vocabulary {
  const tokens = stringsOf(metadata, 'tokens')
  if (tokens.length === 0) throw bad('tokens', 'an empty list', 'tokens')
  const types = metadata[`${KEY}token_type`] === undefined ? [] : numbersOf(metadata, 'token_type')
  if (types.length > 0 && types.length !== tokens.length)
    throw bad('token_type', `${types.length} numbers`, `${tokens.length}, one for each token`)
  return { tokens, types: types.length > 0 ? types : tokens.map(() => NORMAL) }
}

const idsOf = (tokens: readonly string[]): Record<string, number> =>
  Object.fromEntries(tokens.map((token, id) => [token, id]))

const isString = (value: unknown): value is string => typeof value === 'string'

function stringsOf(metadata: Metadata, field: string): readonly string[] {
  const list = metadata[KEY + field]
  if (Array.isArray(list) && list.every(isString)) return list
  throw bad(field, list === undefined ? 'missing' : 'something else', 'a list of strings')
}

function numbersOf(metadata: Metadata, field: string): ArrayLike<number> {
  const list = metadata[KEY + field]
  if (ArrayBuffer.isView(list)) return list as unknown as ArrayLike<number>
  throw bad(field, list === undefined ? 'missing' : 'something else', 'a list of numbers')
}

function numberOf(metadata: Metadata, field: string): number | undefined {
  const value = metadata[KEY + field]
  return typeof value === 'number' ? value : undefined
}

function bad(field: string, found: string, expected: string): HeadlightError {
  const message = `the GGUF metadata: ${KEY}${field} is ${found}, expected ${expected}`
  return new HeadlightError('bad-file', message, { field: KEY + field, found, expected })
}

function unsupported(field: string, found: unknown, known: readonly string[]): HeadlightError {
  const expected = [...known].sort().join(', ')
  const message = `the GGUF metadata: ${KEY}${field} is ${spell(found)}, which is not supported; supported: ${expected}`
  return new HeadlightError('unsupported', message, { field: KEY + field, found: String(found), expected })
}
