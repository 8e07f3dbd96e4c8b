/** Tokenizer files may say anything: text is encoded and decoded, or they are refused with a reason. */
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { lyingFiles, succeedsOrSays } from '../../test/lies.ts'
import { readGoldenTokenizer } from '../../test/reference/tokenizers/read.ts'
import { parseTokenizer, type TokenizerFiles } from './index.ts'

const NAMES = [
  ...['unigram', 'unigram-bytes', 'replace-bytes', 'metaspace-bytes', 'wordpiece'],
  ...['digits', 'split-digits', 'split-bytes', 'punctuation'],
]
const CONFIG = {
  ...{ add_bos_token: true, add_eos_token: false, bos_token: '<s>', eos_token: { content: '</s>', lstrip: false } },
  ...{ tokenizer_class: 'LlamaTokenizer', additional_special_tokens: ['<a>', { content: '<b>' }] },
}
const TEXT = 'Hello, 世界 12  naïve 🙂\n<s>'

async function use(tokenizer: TokenizerFiles['tokenizer'], config = JSON.stringify(CONFIG)): Promise<void> {
  const { encode, decode } = await parseTokenizer({ tokenizer, config, chatTemplate: undefined })
  const ids = encode(TEXT)
  decode(ids)
  decode([...ids, 0, 1, 2, 3, 999_999], { skipSpecialTokens: false, partial: true })
}

describe.each(NAMES)('%s', (name) => {
  const { tokenizer } = readGoldenTokenizer(name)

  test('a tokenizer.json that lies', { timeout: 30_000 }, async () => {
    const property = fc.asyncProperty(lyingFiles(tokenizer), (file) => succeedsOrSays(() => use(file)))
    await fc.assert(property, { numRuns: 50 })
  })
})

test('a tokenizer_config.json that lies', async () => {
  const file = JSON.stringify(readGoldenTokenizer('metaspace-bytes').tokenizer)
  await fc.assert(fc.asyncProperty(lyingFiles(CONFIG), (config) => succeedsOrSays(() => use(file, config))))
})

test('vocab.json and what lies beside it', async () => {
  const vocab = Object.fromEntries([...'Helo, '].map((letter, id) => [letter, id]))
  const hints = { bos_token: '<s>', unk_token: { content: 'x' }, tokenizer_class: 'GPT2Tokenizer' }
  const files = fc.record({
    vocab: lyingFiles(vocab),
    merges: fc.oneof(fc.constant('#version: 0.2\nH e\nl l'), fc.string()),
    specialTokens: lyingFiles(hints),
    addedTokens: lyingFiles({ '<a>': 7, '<b>': 8 }),
    modelConfig: lyingFiles({ model_type: 'gpt2' }),
  })
  await fc.assert(fc.asyncProperty(files, (files) => succeedsOrSays(() => use(files, '{}'))))
})

test('any text', async () => {
  await fc.assert(fc.asyncProperty(fc.oneof(fc.json(), fc.string()), (file) => succeedsOrSays(() => use(file))))
})
