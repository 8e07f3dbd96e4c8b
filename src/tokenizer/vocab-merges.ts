/** Older folders: vocab.json and merges.txt, and code that knew the rest. Here is the rest, as a tokenizer.json has it. */
import { HeadlightError, spell } from '../errors.ts'
import { isId } from './check.ts'
import { type TokenizerJson, tokenContent } from './library.ts'

/** What a folder says besides its vocabulary; all may be missing. */
export interface VocabMergesHints {
  /** Parsed tokenizer_config.json. */
  readonly config: Readonly<Record<string, unknown>>
  /** Parsed special_tokens_map.json. */
  readonly specialTokens: Readonly<Record<string, unknown>>
  /** Parsed added_tokens.json: token to id. */
  readonly addedTokens: Readonly<Record<string, unknown>>
  /** Of config.json. */
  readonly modelType: string | undefined
}

type Kind = 'byte-level' | 'openai-gpt' | 'ctrl'

const KIND_OF_CLASS: Readonly<Record<string, Kind>> = {
  GPT2Tokenizer: 'byte-level',
  CodeGenTokenizer: 'byte-level',
  OpenAIGPTTokenizer: 'openai-gpt',
  CTRLTokenizer: 'ctrl',
}

const KIND_OF_MODEL: Readonly<Record<string, Kind>> = {
  gpt2: 'byte-level',
  gpt_neo: 'byte-level',
  gptj: 'byte-level',
  codegen: 'byte-level',
  opt: 'byte-level',
  gpt_bigcode: 'byte-level',
  starcoder2: 'byte-level',
  'openai-gpt': 'openai-gpt',
  ctrl: 'ctrl',
}

/** @throws HeadlightError `unsupported`: another kind of tokenizer; `bad-file`: a file that is no vocabulary */
export function tokenizerOfVocab(vocab: unknown, merges: string, hints: VocabMergesHints): TokenizerJson {
  const kind = kindOf(hints)
  const ids = checkedVocab(vocab)
  const pairs = merges
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#version'))
    .map((line) => line.trimEnd().split(' ').slice(0, 2))
  const special = specialTokens(hints)

  switch (kind) {
    case 'byte-level': {
      const addPrefixSpace = hints.config.add_prefix_space === true
      const step = { type: 'ByteLevel', add_prefix_space: addPrefixSpace, trim_offsets: true, use_regex: true }
      return {
        normalizer: null,
        pre_tokenizer: step,
        post_processor: null,
        decoder: step,
        model: { ...BPE, vocab: ids, merges: pairs },
        added_tokens: addedTokens(ids, ['<|endoftext|>', ...special], hints),
      }
    }
    case 'openai-gpt':
      return {
        normalizer: {
          type: 'BertNormalizer',
          clean_text: true,
          handle_chinese_chars: true,
          strip_accents: null,
          lowercase: true,
        },
        pre_tokenizer: { type: 'BertPreTokenizer' },
        post_processor: null,
        decoder: { type: 'BPEDecoder', suffix: WORD_END },
        model: { ...BPE, unk_token: '<unk>', end_of_word_suffix: WORD_END, vocab: ids, merges: pairs },
        added_tokens: addedTokens(ids, ['<unk>', ...special], hints),
      }
    case 'ctrl': {
      // Its vocabulary marks the pieces that go on ("exam@@"), its merges those that end a word ("ple</w>").
      const marked = Object.entries(ids).map(([token, id]) => [
        token.endsWith(GOES_ON) || token === '<unk>' ? token : token + WORD_END,
        id,
      ])
      return {
        normalizer: null,
        pre_tokenizer: { type: 'Split', pattern: { Regex: '\\S+\\n?' }, behavior: 'Removed', invert: true },
        post_processor: null,
        decoder: {
          type: 'Sequence',
          decoders: [
            { type: 'BPEDecoder', suffix: WORD_END },
            { type: 'Replace', pattern: { Regex: `${GOES_ON}$` }, content: '' },
          ],
        },
        model: {
          ...BPE,
          unk_token: '<unk>',
          end_of_word_suffix: WORD_END,
          continuing_subword_suffix: GOES_ON,
          vocab: Object.fromEntries(marked),
          merges: pairs,
        },
        added_tokens: addedTokens(ids, ['<unk>', ...special], hints),
      }
    }
    default:
      return kind satisfies never
  }
}

const WORD_END = '</w>'
const GOES_ON = '@@'
const BPE = { type: 'BPE', dropout: null, unk_token: null, fuse_unk: false, byte_fallback: false }

function kindOf({ config, modelType }: VocabMergesHints): Kind {
  const named = typeof config.tokenizer_class === 'string' ? config.tokenizer_class : undefined
  const kind = named ? KIND_OF_CLASS[named.replace(/Fast$/, '')] : KIND_OF_MODEL[modelType ?? '']
  if (kind) return kind
  const found = named ?? `the tokenizer of model type ${modelType ?? '(none)'}`
  throw new HeadlightError(
    'unsupported',
    `there is no tokenizer.json, and ${found} cannot be made from vocab.json and merges.txt: known are ` +
      `${Object.keys(KIND_OF_CLASS).join(', ')}. Save the tokenizer as tokenizer.json.`,
    { file: 'vocab.json', found },
  )
}

function checkedVocab(vocab: unknown): Readonly<Record<string, number>> {
  const entries = typeof vocab === 'object' && vocab !== null ? Object.entries(vocab) : []
  const wrong = entries.find(([, id]) => !isId(id))
  if (entries.length > 0 && !wrong) return vocab as Readonly<Record<string, number>>
  const found = wrong ? spell(wrong) : 'none'
  throw new HeadlightError('bad-file', `vocab.json: got ${found}, expected tokens with their ids`, {
    file: 'vocab.json',
    found,
    expected: 'tokens with their ids',
  })
}

/** Tokens that the folder's configs name: bos_token, eos_token and so on. */
function specialTokens({ config, specialTokens }: VocabMergesHints): string[] {
  const named = { ...specialTokens, ...config }
  const single = ['bos_token', 'eos_token', 'unk_token', 'pad_token'].map((name) => tokenContent(named[name]))
  const more = Array.isArray(named.additional_special_tokens) ? named.additional_special_tokens.map(tokenContent) : []
  return [...single, ...more].filter((token) => token !== undefined)
}

/** Special tokens that the vocabulary has, and what added_tokens.json adds to it. */
function addedTokens(
  ids: Readonly<Record<string, number>>,
  special: readonly string[],
  { addedTokens }: VocabMergesHints,
) {
  const added = Object.entries(addedTokens).filter((entry): entry is [string, number] => isId(entry[1]))
  const all = new Map(added)
  for (const token of special) {
    const id = Object.hasOwn(ids, token) ? ids[token] : undefined
    if (id !== undefined) all.set(token, id)
  }
  return [...all]
    .sort(([, a], [, b]) => a - b)
    .map(([content, id]) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: special.includes(content),
    }))
}
