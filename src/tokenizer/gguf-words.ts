/**
 * How byte-level vocabularies of GGUF files cut a text into words before they look for tokens: llama.cpp's names for the
 * pre-tokenizers of well-known models, and what those models' own tokenizer.json say.
 */

export interface Words {
  /** Steps of a tokenizer.json's pre-tokenizer, in front of the one that turns bytes into letters. */
  readonly steps: readonly object[]
  /** A tokenizer.json's normalizer. */
  readonly normalizer?: object
  /** Words that are tokens stay whole, whatever the merges say. */
  readonly ignoreMerges?: boolean
  /** Texts begin with the start token, where the file does not say otherwise. */
  readonly start?: boolean
}

const split = (Regex: string) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false })

const CONTRACTIONS = "'(?:[sS]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])"
const WORD = '[^\\r\\n\\p{L}\\p{N}]?\\p{L}+'
const SIGNS = ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*'
const SPACES = '\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+'
const GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"
// Words whose capitals stand in front, as o200k and Tekken cut them.
const UPPER = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]'
const LOWER = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]'
const cased = (end: string) =>
  `[^\\r\\n\\p{L}\\p{N}]?${UPPER}*${LOWER}+${end}|[^\\r\\n\\p{L}\\p{N}]?${UPPER}+${LOWER}*${end}`
const CASED_SIGNS = ' ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*'

/** As GPT-4 does, with up to so many digits in a word. */
const gpt4 = (digits: string) => split(`${CONTRACTIONS}|${WORD}|${digits}|${SIGNS}|${SPACES}`)

const DIGITS = { type: 'Digits', individual_digits: true }
const gpt2: Words = { steps: [split(GPT2)] }
const digitByDigit: Words = { steps: [DIGITS, split(GPT2)] }
const llama3: Words = { steps: [gpt4('\\p{N}{1,3}')], ignoreMerges: true, start: true }
const threeDigits: Words = { steps: [gpt4('\\p{N}{1,3}')] }
const qwen2: Words = { steps: [gpt4('\\p{N}')], normalizer: { type: 'NFC' } }
const bloom: Words = { steps: [split(' ?[^(\\s|.,!?…。，、।۔،)]+')] }
const o200k: Words = { steps: [split(`${cased(`(?:${CONTRACTIONS})?`)}|\\p{N}{1,3}|${CASED_SIGNS}|${SPACES}`)] }

/** By `tokenizer.ggml.pre`. */
export const WORDS: Readonly<Record<string, Words>> = {
  default: gpt2,
  'gpt-2': gpt2,
  'phi-2': gpt2,
  mpt: gpt2,
  olmo: gpt2,
  exaone4: gpt2,
  starcoder: digitByDigit,
  refact: digitByDigit,
  'command-r': digitByDigit,
  smollm: digitByDigit,
  codeshell: digitByDigit,
  exaone: digitByDigit,
  'minerva-7b': digitByDigit,
  'llama-bpe': llama3,
  llama3,
  'llama-v3': llama3,
  falcon3: llama3,
  dbrx: threeDigits,
  'smaug-bpe': threeDigits,
  'chatglm-bpe': threeDigits,
  glm4: threeDigits,
  qwen2,
  'deepseek-r1-qwen': qwen2,
  megrez: qwen2,
  stablelm2: { steps: [gpt4('\\p{N}')] },
  bloom,
  'gpt3-finnish': bloom,
  'poro-chat': bloom,
  viking: { steps: [...bloom.steps, DIGITS] },
  falcon: {
    steps: [{ type: 'Punctuation', behavior: 'Contiguous' }, split(GPT2), split('[0-9][0-9][0-9]')],
  },
  'gpt-4o': o200k,
  llama4: o200k,
  tekken: {
    steps: [split(`${cased('')}|\\p{N}|${CASED_SIGNS}|${SPACES}`)],
    ignoreMerges: true,
    start: true,
  },
  'seed-coder': {
    steps: [split(`${CONTRACTIONS}|${WORD}|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|${SPACES}`)],
  },
}
