/** Tokenizers in a GGUF file's metadata are those of the folder that it was made from. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { diskFolder, referenceUrl, streamOf } from '../../test/reference/folder.ts'
import { readGoldenTokenizer } from '../../test/reference/tokenizers/read.ts'
import type { Folder } from '../checkpoint/folder.ts'
import { openGguf } from '../checkpoint/gguf.ts'
import { ggufTokenizerFiles } from './gguf.ts'
import { WORDS } from './gguf-words.ts'
import { parseTokenizer, readTokenizerFiles } from './index.ts'

interface Json {
  readonly model: { readonly vocab: Record<string, number>; readonly merges: readonly (string | string[])[] }
  readonly added_tokens: readonly { readonly id: number; readonly content: string; readonly special: boolean }[]
}

const NORMAL = 1
const [UNKNOWN, CONTROL, USER_DEFINED, BYTE] = [2, 3, 4, 6]

/** What a converter writes of a tokenizer.json; the rest of a vocabulary is of type `NORMAL`. */
function metadataOf({ model, added_tokens }: Json) {
  const tokens: string[] = []
  for (const [token, id] of Object.entries(model.vocab)) tokens[id] = token
  for (const { id, content } of added_tokens) tokens[id] = content
  const types = new Int32Array(tokens.length).fill(NORMAL)
  tokens.forEach((token, id) => {
    if (/^<0x[0-9A-F]{2}>$/.test(token)) types[id] = BYTE
  })
  for (const { id, special } of added_tokens) types[id] = special ? CONTROL : USER_DEFINED
  return {
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.token_type': types,
    'tokenizer.ggml.merges': model.merges.map((merge) => (typeof merge === 'string' ? merge : merge.join(' '))),
  }
}

const parse = (metadata: Readonly<Record<string, unknown>>) => parseTokenizer(ggufTokenizerFiles(metadata)!)

function goldenOf(name: string) {
  const golden = readGoldenTokenizer(name)
  return { ...golden, metadata: metadataOf(golden.tokenizer as unknown as Json) }
}

describe.each(['gpt2', 'minimind'])('%s', (name) => {
  test('byte by byte: ids and texts', async () => {
    const { metadata, cases } = goldenOf(name)
    const kind = { 'tokenizer.ggml.model': 'gpt2', 'tokenizer.ggml.pre': 'gpt-2' }
    const tokenizer = await parse({ ...metadata, ...kind })
    for (const { text, ids, decoded } of cases) {
      expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids)
      expect(tokenizer.decode(ids, { skipSpecialTokens: false })).toBe(decoded)
    }
  })
})

describe('llama2', () => {
  const { metadata, cases } = goldenOf('llama2')
  const { 'tokenizer.ggml.tokens': tokens, 'tokenizer.ggml.token_type': types } = metadata
  types[0] = UNKNOWN
  const ids = new Map(tokens.map((token, id) => [token, id]))
  const scores = new Float32Array(tokens.length)
  metadata['tokenizer.ggml.merges'].toReversed().forEach((merge, rank, { length }) => {
    scores[ids.get(merge.replace(' ', ''))!] = rank - length
  })
  const sentencePiece = {
    ...metadata,
    'tokenizer.ggml.model': 'llama',
    'tokenizer.ggml.scores': scores,
    'tokenizer.ggml.bos_token_id': 1,
    'tokenizer.ggml.eos_token_id': 2,
    'tokenizer.ggml.unknown_token_id': 0,
  }

  test('by scores: ids and texts', async () => {
    const tokenizer = await parse(sentencePiece)
    for (const { text, ids, idsWithSpecial, decoded } of cases) {
      expect(tokenizer.encode(text, { addSpecialTokens: false }), JSON.stringify(text)).toEqual(ids)
      expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(idsWithSpecial)
      expect(tokenizer.decode(ids, { skipSpecialTokens: false })).toBe(decoded)
    }
  })

  test('without a space in front, as Gemma', async () => {
    const tokenizer = await parse({
      ...sentencePiece,
      'tokenizer.ggml.add_space_prefix': false,
      'tokenizer.ggml.add_bos_token': false,
      'tokenizer.ggml.add_eos_token': true,
    })
    const ids = tokenizer.encode('once upon')
    expect(ids.map((id) => tokens[id])).toEqual(['once', '▁upon', '</s>'])
    expect(tokenizer.decode(ids)).toBe('once upon')
    expect(tokenizer.decode(tokenizer.encode(' once'))).toBe(' once')
  })

  test('tokens of the user are found first, with the spaces that they have', async () => {
    const user = types.slice()
    const spaces = tokens.indexOf('▁▁▁▁')
    user[spaces] = USER_DEFINED
    const changes = { 'tokenizer.ggml.token_type': user, 'tokenizer.ggml.add_space_prefix': false }
    const tokenizer = await parse({ ...sentencePiece, ...changes })
    expect(tokenizer.encode('a    b', { addSpecialTokens: false })).toContain(spaces)
    expect(tokenizer.decode(tokenizer.encode('a    b'))).toBe('a    b')
  })
})

test('stories260K: as its folder', async () => {
  const url = referenceUrl('stories260K')
  const file = readFileSync(new URL('stories260K-f16.gguf', url))
  const look = async (name: string) => ({ name, byteLength: file.length, body: streamOf(file) })
  const memory: Folder = { ...diskFolder(url), look }
  const gguf = await openGguf(memory, 'stories260K-f16.gguf')
  const tokenizer = await parse(gguf.metadata)
  const folder = await parseTokenizer((await readTokenizerFiles(diskFolder(url)))!)
  for (const text of ['Once upon a time, ', '  two  spaces\n\ttab', '春眠 🙂 naïve', '', ' ', 'Lily said, "Hi!"']) {
    expect(tokenizer.encode(text)).toEqual(folder.encode(text))
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
  }
})

describe('words', () => {
  const pieces = (pre: string, text: string) => {
    const [step] = WORDS[pre]!.steps as [{ pattern: { Regex: string } }]
    return text.match(new RegExp(step.pattern.Regex, 'gu'))
  }

  test.each([
    ['gpt-2', ['I', "'m", ' 12345', ' cats', '  ', ' ok', '!?', '\n\n']],
    ['qwen2', ['I', "'m", ' ', '1', '2', '3', '4', '5', ' cats', '  ', ' ok', '!?\n\n']],
    ['llama-bpe', ['I', "'m", ' ', '123', '45', ' cats', '  ', ' ok', '!?\n\n']],
    ['gpt-4o', ["I'm", ' ', '123', '45', ' cats', '  ', ' ok', '!?\n\n']],
    ['tekken', ['I', "'m", ' ', '1', '2', '3', '4', '5', ' cats', '  ', ' ok', '!?\n\n']],
    ['seed-coder', ['I', "'m", ' ', '1', '2', '3', '4', '5', ' cats', '  ', ' ok', '!?', '\n\n']],
    ['bloom', ["I'm", ' 12345', ' cats', ' ok']],
  ])('%s', (pre, expected) => {
    expect(pieces(pre, "I'm 12345 cats   ok!?\n\n")).toEqual(expected)
  })

  test('capitals stand in front', () => {
    expect(pieces('gpt-4o', 'HTMLElement iPhone')).toEqual(['HTMLElement', ' i', 'Phone'])
  })
})

describe('what the config says', () => {
  const tokens = { 'tokenizer.ggml.tokens': ['<s>', '</s>', 'a'], 'tokenizer.ggml.token_type': Int32Array.of(3, 3, 1) }
  const metadata = {
    ...tokens,
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': 'llama-bpe',
    'tokenizer.ggml.merges': [],
    'tokenizer.ggml.bos_token_id': 0,
    'tokenizer.ggml.eos_token_id': 1,
  }
  const configOf = (more: object) => JSON.parse(ggufTokenizerFiles({ ...metadata, ...more })!.config!) as unknown

  test('Llama 3 begins texts where the file does not say; GPT-2 does not', async () => {
    expect((await parse(metadata)).encode('a')).toEqual([0, 2])
    expect((await parse({ ...metadata, 'tokenizer.ggml.pre': 'gpt-2' })).encode('a')).toEqual([2])
    expect((await parse({ ...metadata, 'tokenizer.ggml.add_bos_token': false })).encode('a')).toEqual([2])
  })

  test('chat templates, and the tokens that they use', () => {
    const plain = { 'tokenizer.chat_template': 'A' }
    expect(configOf(plain)).toMatchObject({ bos_token: '<s>', eos_token: '</s>', chat_template: 'A' })
    const template = [
      { name: 'default', template: 'A' },
      { name: 'tool_use', template: 'B' },
    ]
    expect(configOf({ ...plain, 'tokenizer.chat_template.tool_use': 'B' })).toMatchObject({ chat_template: template })
    expect(configOf({})).toMatchObject({ chat_template: null })
  })
})

describe('refused', () => {
  const tokens = { 'tokenizer.ggml.tokens': ['a'], 'tokenizer.ggml.merges': [] }

  test.each([
    [{ 'tokenizer.ggml.model': 'bert' }, 'unsupported', 'tokenizer.ggml.model is "bert"'],
    [{ ...tokens, 'tokenizer.ggml.model': 'gpt2', 'tokenizer.ggml.pre': 'kimi-k2' }, 'unsupported', '"kimi-k2"'],
    [{ 'tokenizer.ggml.model': 'gpt2' }, 'bad-file', 'tokenizer.ggml.tokens is missing'],
    [{ ...tokens, 'tokenizer.ggml.model': 'llama' }, 'bad-file', 'tokenizer.ggml.scores is missing'],
    [
      { ...tokens, 'tokenizer.ggml.model': 'llama', 'tokenizer.ggml.scores': Float32Array.of(1, 2) },
      'bad-file',
      'one for each token',
    ],
  ])('%j', (metadata, code, says) => {
    expect(() => ggufTokenizerFiles(metadata)).toThrow(says)
    expect(() => ggufTokenizerFiles(metadata)).toThrow(expect.objectContaining({ code }))
  })

  test('a file without a tokenizer has none', () => {
    expect(ggufTokenizerFiles({})).toBeUndefined()
    expect(ggufTokenizerFiles({ 'tokenizer.ggml.model': 'no_vocab' })).toBeUndefined()
  })
})
